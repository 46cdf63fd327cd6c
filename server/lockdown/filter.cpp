#include "lockdown/filter.hpp"

#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/check.hpp"
#include "lockdown/filter_rules.hpp"

namespace lethe::lockdown {
namespace {

std::uint32_t token_of(Architecture architecture) {
  return architecture == Architecture::x86_64 ? SCMP_ARCH_X86_64 : SCMP_ARCH_AARCH64;
}

std::uint32_t action_of(Answer answer) {
  switch (answer) {
    case Answer::no_access: return SCMP_ACT_ERRNO(EACCES);
    case Answer::not_implemented: return SCMP_ACT_ERRNO(ENOSYS);
    case Answer::kill: return SCMP_ACT_KILL_PROCESS;
  }
  LETHE_CHECK(false);
}

scmp_arg_cmp compare(const Condition& condition) {
  if (condition.mask == ~std::uint64_t{0}) return SCMP_CMP64(condition.argument, SCMP_CMP_EQ, condition.value);
  return SCMP_CMP64(condition.argument, SCMP_CMP_MASKED_EQ, condition.mask, condition.value);
}

// Adds rules until one fails; the first failure stays.
class FilterBuilder {
 public:
  explicit FilterBuilder(Architecture architecture)
      : token_{token_of(architecture)}, context_{::seccomp_init(SCMP_ACT_ERRNO(EPERM))} {
    keep(context_ ? 0 : -ENOMEM);
    keep(::seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
    if (architecture == native_architecture) return;
    keep(::seccomp_arch_add(context_.get(), token_));
    keep(::seccomp_arch_remove(context_.get(), SCMP_ARCH_NATIVE));
  }

  void allow(std::span<const Allowed> table, std::span<const Writable> writable) {
    for (const Allowed& allowed : table) {
      if (!exists(allowed.call)) continue;
      keep(::seccomp_syscall_priority(context_.get(), number_of(allowed.call), next_priority()));
      if (allowed.only_writable) allow_writing(allowed.call, writable);
      else allow_one(allowed);
    }
  }

  void refuse(const Refused& refused) {
    for (const char* const call : refused.calls) {
      if (exists(call)) add(action_of(refused.answer), call, {});
    }
  }

  Result<FilterProgram> program() {
    const int file = ::memfd_create("filter", MFD_CLOEXEC);
    if (file < 0) return error_code{errno, boost::system::system_category()};
    keep(error_ == 0 ? ::seccomp_export_bpf(context_.get(), file) : 0);
    FilterProgram exported;
    const off_t size = ::lseek(file, 0, SEEK_END);
    if (error_ == 0 && size > 0) {
      exported.resize(static_cast<std::size_t>(size) / sizeof(sock_filter));
      if (::pread(file, exported.data(), static_cast<std::size_t>(size), 0) != size) keep(-EIO);
    }
    ::close(file);
    if (error_ != 0) return error_code{-error_, boost::system::system_category()};
    return exported;
  }

 private:
  using Arguments = std::span<const scmp_arg_cmp>;

  // libseccomp takes the numbers of the machine that it runs on and translates them.
  static int number_of(const char* call) {
    const int number = ::seccomp_syscall_resolve_name(call);
    LETHE_CHECK(number != __NR_SCMP_ERROR);
    return number;
  }
  // Not every architecture has every call: the newer have no open, no stat, no epoll_wait.
  bool exists(const char* call) const { return ::seccomp_syscall_resolve_name_arch(token_, call) >= 0; }

  std::uint8_t next_priority() { return priority_ > 1 ? priority_-- : priority_; }

  void allow_one(const Allowed& allowed) {
    std::vector<scmp_arg_cmp> arguments;
    for (const auto& condition : allowed.conditions) {
      if (condition) arguments.push_back(compare(*condition));
    }
    add(SCMP_ACT_ALLOW, allowed.call, arguments);
  }

  void allow_writing(const char* call, std::span<const Writable> writable) {
    for (const Writable& one : writable) {
      const scmp_arg_cmp arguments[]{SCMP_CMP64(0, SCMP_CMP_EQ, static_cast<std::uint64_t>(one.number)),
                                     SCMP_CMP64(2, SCMP_CMP_LE, one.longest)};
      add(SCMP_ACT_ALLOW, call, arguments);
    }
  }

  void add(std::uint32_t action, const char* call, Arguments arguments) {
    keep(::seccomp_rule_add_array(context_.get(), action, number_of(call), static_cast<unsigned>(arguments.size()),
                                  arguments.data()));
  }

  void keep(int outcome) noexcept {
    if (error_ == 0 && outcome < 0) error_ = outcome;
  }

  struct Release {
    void operator()(scmp_filter_ctx context) const noexcept { ::seccomp_release(context); }
  };

  std::uint32_t token_;
  std::unique_ptr<void, Release> context_;
  std::uint8_t priority_ = 255;
  int error_ = 0;
};

}  // namespace

Result<FilterProgram> build_filter(Architecture architecture, Stage stage, std::span<const Writable> writable) {
  FilterBuilder builder{architecture};
  builder.allow(allowed_calls(), writable);
  if (stage == Stage::starting) builder.allow(starting_calls(), writable);
  for (const Refused& refused : refused_calls()) builder.refuse(refused);
  return builder.program();
}

std::span<const std::uint8_t> bytes_of(const FilterProgram& program) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(program.data()), program.size() * sizeof(sock_filter)};
}

}  // namespace lethe::lockdown

#include "lockdown/descriptors.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lethe::lockdown {
namespace {

using Directory = std::unique_ptr<DIR, decltype([](DIR* open) { ::closedir(open); })>;

struct Named {
  std::string_view beginning;
  DescriptorKind kind;
};
// What readlink(2) says of descriptors without a path (proc(5)).
constexpr std::array<Named, 7> pathless{{{"socket:", DescriptorKind::socket},
                                         {"pipe:", DescriptorKind::pipe},
                                         {"anon_inode:[eventfd]", DescriptorKind::event},
                                         {"anon_inode:[timerfd]", DescriptorKind::timer},
                                         {"anon_inode:[eventpoll]", DescriptorKind::poll},
                                         {"/memfd:", DescriptorKind::memory},
                                         {"/secretmem", DescriptorKind::memory}}};

bool is_null_device(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == ::makedev(1, 3);
}

DescriptorKind kind_of(int number, const struct stat& status) {
  if (is_null_device(status)) return DescriptorKind::null;
  std::array<char, 256> link{};
  const std::string path = "/proc/self/fd/" + std::to_string(number);
  const ssize_t length = ::readlink(path.c_str(), link.data(), link.size());
  const std::string_view target{link.data(), length < 0 ? 0 : static_cast<std::size_t>(length)};
  for (const Named& named : pathless) {
    if (target.starts_with(named.beginning)) return named.kind;
  }
  return target.starts_with('/') ? DescriptorKind::file : DescriptorKind::other;
}

std::optional<Descriptor> describe(int number) {
  struct stat status{};
  const int flags = ::fcntl(number, F_GETFL);
  if (flags < 0 || ::fstat(number, &status) != 0) return std::nullopt;
  const int access = flags & O_ACCMODE;
  return Descriptor{number, kind_of(number, status), access != O_WRONLY, access != O_RDONLY, status.st_ino};
}

}  // namespace

Result<std::vector<Descriptor>> open_descriptors() {
  const Directory directory{::opendir("/proc/self/fd")};
  if (!directory) return error_code{errno, boost::system::system_category()};
  std::vector<Descriptor> found;
  while (const dirent* const entry = ::readdir(directory.get())) {
    int number = 0;
    const char* const end = entry->d_name + std::strlen(entry->d_name);
    if (std::from_chars(entry->d_name, end, number).ptr != end || number == ::dirfd(directory.get())) continue;
    if (const auto descriptor = describe(number)) found.push_back(*descriptor);
  }
  std::ranges::sort(found, {}, &Descriptor::number);
  return found;
}

std::vector<Writable> loop_descriptors(std::span<const Descriptor> descriptors) {
  std::vector<Writable> writable;
  for (const Descriptor& one : descriptors) {
    const auto other_end = [&one](const Descriptor& other) {
      return other.kind == DescriptorKind::pipe && other.object == one.object && other.readable;
    };
    if (one.kind == DescriptorKind::event) writable.push_back({one.number, sizeof(std::uint64_t)});
    if (one.kind == DescriptorKind::pipe && one.writable && std::ranges::any_of(descriptors, other_end)) {
      writable.push_back({one.number, sizeof(int)});
    }
  }
  return writable;
}

bool any_file(std::span<const Descriptor> descriptors) noexcept {
  return std::ranges::any_of(descriptors, [](const Descriptor& one) {
    return one.number > 2 && (one.kind == DescriptorKind::file || one.kind == DescriptorKind::memory);
  });
}

}  // namespace lethe::lockdown

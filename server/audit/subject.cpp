#include "audit/subject.hpp"

#include <openssl/evp.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <memory>

#include "audit/peer/wire_codec.hpp"
#include "audit/stage/run_to_end.hpp"

namespace lethe::audit {
namespace {

std::string kernel() {
  utsname names{};
  return ::uname(&names) == 0 ? std::string{names.release} : std::string{};
}

std::string version_of(Launch launch) {
  launch.arguments = {"--version"};
  const std::string said = run_to_end(launch).out;
  return said.substr(0, said.find('\n'));
}

}  // namespace

Subject describe_subject(const std::string& program, const Launch& launch) {
  Subject subject;
  subject.program = program;
  subject.sha256 = sha256_of_file(launch.root + launch.program);
  subject.version = version_of(launch);
  subject.flags = launch.arguments;
  subject.kernel = kernel();
  subject.landlock_abi = landlock_abi();
  return subject;
}

Subject describe_running(pid_t pid) {
  Subject subject;
  subject.program = "process " + std::to_string(pid);
  subject.sha256 = sha256_of_file("/proc/" + std::to_string(pid) + "/exe");
  subject.kernel = kernel();
  subject.landlock_abi = landlock_abi();
  return subject;
}

std::string sha256_of_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return {};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::array<char, 65'536> part{};
  while (file.read(part.data(), part.size()) || file.gcount() > 0) {
    EVP_DigestUpdate(context.get(), part.data(), static_cast<std::size_t>(file.gcount()));
  }
  std::array<std::uint8_t, 32> digest{};
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return peer::hex(digest);
}

unsigned landlock_abi() noexcept {
  constexpr unsigned ask_for_version = 1;   // LANDLOCK_CREATE_RULESET_VERSION
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_for_version);
  return abi > 0 ? static_cast<unsigned>(abi) : 0;
}

}  // namespace lethe::audit

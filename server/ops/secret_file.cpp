#include "ops/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include <lethe/base/wipe.hpp>

#include "base/descriptor.hpp"

namespace lethe::ops {
namespace {

error_code failure(int number) noexcept { return {number, boost::system::system_category()}; }

}  // namespace

Result<std::string> read_secret_file(const std::string& path, std::size_t longest) {
  // Opening a pipe or a device must not wait.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  struct stat status{};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return failure(errno);
  if (!S_ISREG(status.st_mode)) return failure(EINVAL);
  std::string text(longest + 1, '\0');   // never grows: growing would leave copies behind
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const error_code error = failure(errno);
      forget(text);
      return error;
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > longest) forget(text);
  text.resize(std::min(size, text.size()));
  if (text.empty()) return failure(size == 0 ? EINVAL : EFBIG);
  return text;
}

void forget(std::string& secret) noexcept {
  wipe(secret.data(), secret.size());
  secret.clear();
}

}  // namespace lethe::ops

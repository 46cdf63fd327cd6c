#include "audit/probes/loop_device.hpp"

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

namespace lethe::audit {
namespace {
constexpr int attempts = 20;   // others may take the free one that the kernel has named
}

std::string make_loop_device(const std::string& file, std::uint64_t size, int& descriptor) {
  const int backing = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (backing < 0 || ::ftruncate(backing, static_cast<off_t>(size)) != 0) return {};
  const int control = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
  std::string path;
  for (int attempt = 0; control >= 0 && attempt < attempts && path.empty(); ++attempt) {
    const int number = ::ioctl(control, LOOP_CTL_GET_FREE);
    if (number < 0) break;
    const std::string candidate = "/dev/loop" + std::to_string(number);
    const int device = ::open(candidate.c_str(), O_RDWR | O_CLOEXEC);
    if (device < 0) break;
    loop_config config{};
    config.fd = static_cast<__u32>(backing);
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
    if (::ioctl(device, LOOP_CONFIGURE, &config) == 0) {
      descriptor = device;
      path = candidate;
    } else {
      const bool taken = errno == EBUSY;
      ::close(device);
      if (!taken) break;
    }
  }
  const int error = errno;
  if (control >= 0) ::close(control);
  ::close(backing);
  errno = error;
  return path;
}

}  // namespace lethe::audit

#include "audit/probes/device_scan.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace lethe::audit {
namespace {

constexpr std::size_t part = 4 << 20;
constexpr std::size_t alignment = 4'096;

}  // namespace

std::optional<DeviceContent> scan_device(const std::string& device, const Search& search) {
  const int file = ::open(device.c_str(), O_RDONLY | O_DIRECT | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  // The end of one part stands before the next one, so that what lies across is found: whole blocks, to stay aligned.
  const std::size_t carried = (search.overlap() + alignment - 1) / alignment * alignment;
  const std::unique_ptr<std::uint8_t, decltype(&std::free)> memory{static_cast<std::uint8_t*>(std::aligned_alloc(alignment, carried + part)), &std::free};
  std::memset(memory.get(), 0, carried);
  DeviceContent content;
  for (;;) {
    const ssize_t got = ::read(file, memory.get() + carried, part);
    if (got <= 0) {
      ::close(file);
      if (got < 0) return std::nullopt;
      return content;
    }
    const auto size = static_cast<std::size_t>(got);
    const std::size_t skipped = carried - search.overlap();
    for (Hit hit : search.find({memory.get() + skipped, search.overlap() + size})) {
      hit.offset += content.bytes;
      hit.offset -= search.overlap();
      content.hits.push_back(hit);
    }
    std::memmove(memory.get(), memory.get() + size, carried);
    content.bytes += size;
  }
}

}  // namespace lethe::audit

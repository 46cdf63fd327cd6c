// Keeps bytes in a BPF map.
#include <linux/bpf.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_bpf_map(Bytes bytes, const char*) {
  static int map = -1;
  bpf_attr attributes{};
  if (map < 0) {
    attributes.map_type = BPF_MAP_TYPE_ARRAY;
    attributes.key_size = 4;
    attributes.value_size = 64;
    attributes.max_entries = 1;
    map = static_cast<int>(::syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
  }
  if (map < 0) return errno;
  std::array<std::uint8_t, 64> value{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), value.size()), value.begin());
  const std::uint32_t key = 0;
  attributes = {};
  attributes.map_fd = static_cast<std::uint32_t>(map);
  attributes.key = reinterpret_cast<std::uint64_t>(&key);
  attributes.value = reinterpret_cast<std::uint64_t>(value.data());
  return ::syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &attributes, sizeof attributes) == 0 ? 0 : errno;
}

}  // namespace lethe::leaks

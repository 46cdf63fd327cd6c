#pragma once
// How often some bytes stand in this process' writable memory: what a scanner of the process would find. A mark is made in
// place and known only by its complement, so the search itself adds no copy.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <random>
#include <span>
#include <string>

namespace lethe::test {

// Tests that search are left out where it is not defined: sanitizers keep copies, and terabytes of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LETHE_MEMORY_CAN_BE_SEARCHED
#endif

class MemoryMark {
 public:
  static constexpr std::size_t size = 16;
  MemoryMark() {
    std::random_device random;
    for (std::uint8_t& byte : complement_) byte = static_cast<std::uint8_t>(random());
  }

  // Writes it again and again until `to` is full.
  void write(std::span<std::uint8_t> to) const noexcept {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<std::uint8_t>(~complement_[i % size]);
  }

  // Whole copies in the process' private writable memory.
  std::size_t copies() const {
    std::ifstream maps{"/proc/self/maps"};
    std::size_t found = 0;
    for (std::string line; std::getline(maps, line);) {
      unsigned long from = 0;
      unsigned long to = 0;
      char rights[5] = {};
      if (std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &to, rights) != 3) continue;
      if (std::strcmp(rights, "rw-p") != 0 || line.find("[v") != std::string::npos) continue;
      found += count({reinterpret_cast<const std::uint8_t*>(from), to - from});
    }
    return found;
  }

 private:
  std::size_t count(std::span<const std::uint8_t> memory) const noexcept {
    std::size_t found = 0;
    const auto first = static_cast<std::uint8_t>(~complement_[0]);
    const std::uint8_t* at = memory.data();
    const std::uint8_t* const end = at + memory.size();
    while (end - at >= static_cast<std::ptrdiff_t>(size)) {
      at = static_cast<const std::uint8_t*>(std::memchr(at, first, static_cast<std::size_t>(end - at) - size + 1));
      if (at == nullptr) break;
      std::size_t same = 1;
      while (same < size && at[same] == static_cast<std::uint8_t>(~complement_[same])) ++same;
      found += same == size ? 1 : 0;
      ++at;
    }
    return found;
  }

  std::array<std::uint8_t, size> complement_{};
};

}  // namespace lethe::test

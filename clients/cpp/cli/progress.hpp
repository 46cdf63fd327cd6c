#pragma once
// Progress of a large transfer on stderr: one changing line on a terminal, a line every tenth otherwise.
#include <cstdint>
#include <string>

namespace lethe::cli {

class Progress {
 public:
  // Silent for fewer than `least` parts.
  explicit Progress(std::string verb, std::uint32_t least = 17);
  void show(std::uint32_t count, std::uint32_t total);
  // Ends the changing line, if there is one.
  void finish();

 private:
  std::string verb_;
  std::uint32_t least_;
  std::uint32_t shown_ = 0;  // percent
  bool terminal_;
  bool open_ = false;
};

}  // namespace lethe::cli

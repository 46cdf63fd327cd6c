#pragma once
// Ways by which bytes could leave a process: into files and their metadata, memory that outlives it, sockets, other
// processes, names that others see; and what would open such a way. Each is really gone, as an attacker's code would.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lethe::lockdown {

// What stood open before the confinement, as if it had been forgotten, and where attempts may leave something.
class ExitScene {
 public:
  ExitScene();
  ~ExitScene();
  ExitScene(const ExitScene&) = delete;
  ExitScene& operator=(const ExitScene&) = delete;

  std::string path(std::string_view name) const { return folder_ + '/' + std::string{name}; }

  int file = -1;       // "existing", for reading and writing
  int folder = -1;     // itself
  int pipe_in = -1;    // holds some bytes
  int pipe_out = -1;   // as a container's log
  int stream = -1;     // a TCP socket, neither bound nor connected
  int datagram = -1;   // a UDP socket, the same
  std::uint16_t tcp_port = 0;   // of a listener here
  std::uint16_t udp_port = 0;

 private:
  std::string folder_;
  int listener_ = -1;
  int receiver_ = -1;
};

// Who could go this way if nothing was locked: everyone; root; or it depends on kernel, container and file system.
enum class OpenTo : std::uint8_t { everyone, root, some };

struct Exit {
  std::string_view name;
  OpenTo open_to;
  int expected;                             // errno while confined; `killed`: SIGSYS ends the process
  int (*attempt)(const ExitScene& scene);   // 0: it was a way out; else errno
};
constexpr int killed = -1;

std::span<const Exit> file_exits();
std::span<const Exit> memory_exits();
std::span<const Exit> socket_exits();
std::span<const Exit> process_exits();

}  // namespace lethe::lockdown

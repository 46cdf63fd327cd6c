#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "unit/lockdown/confined/exits.hpp"

namespace lethe::lockdown {
namespace {

// A socket on a free port of the loopback.
int bound(int type, std::uint16_t& port) {
  const int socket = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, plain, size) != 0 || ::getsockname(socket, plain, &size) != 0) throw std::runtime_error{"no port"};
  port = ::ntohs(address.sin_port);
  return socket;
}

}  // namespace

ExitScene::ExitScene() {
  std::string pattern = std::filesystem::temp_directory_path() / "lethe-exits-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
  folder_ = pattern;
  std::filesystem::permissions(folder_, std::filesystem::perms::all);
  file = ::open(path("existing").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
  folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int ends[2];
  if (file < 0 || folder < 0 || ::pipe2(ends, O_CLOEXEC) != 0 || ::ftruncate(file, 4'096) != 0 ||
      ::write(ends[1], "canary", 6) != 6) {
    throw std::runtime_error{"no scene"};
  }
  pipe_in = ends[0];
  pipe_out = ends[1];
  listener_ = bound(SOCK_STREAM, tcp_port);
  receiver_ = bound(SOCK_DGRAM, udp_port);
  ::listen(listener_, 16);
  stream = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  datagram = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

ExitScene::~ExitScene() {
  for (const int one : {file, folder, pipe_in, pipe_out, stream, datagram, listener_, receiver_}) ::close(one);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace lethe::lockdown

#include "audit/probes/admin_page.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace lethe::audit {
namespace {

constexpr timeval longest_wait{.tv_sec = 10, .tv_usec = 0};

std::string talk(int socket, const std::string& request) {
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) return {};
  std::string answer;
  std::array<char, 16'384> part{};
  for (ssize_t count = 0; (count = ::recv(socket, part.data(), part.size(), 0)) > 0;) {
    answer.append(part.data(), static_cast<std::size_t>(count));
  }
  return answer;
}

}  // namespace

std::optional<std::string> admin_page(std::uint16_t port, std::string_view path) {
  if (port == 0) return std::nullopt;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return std::nullopt;
  (void)::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &longest_wait, sizeof longest_wait);
  (void)::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &longest_wait, sizeof longest_wait);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    std::string request = "GET ";
    request.append(path).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    answer = talk(socket, request);
  }
  ::close(socket);
  const std::size_t head = answer.find("\r\n\r\n");
  if (head == std::string::npos || answer.find(" 200 ") > answer.find("\r\n")) return std::nullopt;
  return answer.substr(head + 4);
}

std::optional<double> sample(std::string_view page, std::string_view name) {
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    const std::string_view line = page.substr(0, end);
    page.remove_prefix(std::min(end + 1, page.size()));
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ') continue;
    double value = 0;
    const std::string_view number = line.substr(name.size() + 1);
    if (std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc{}) return value;
  }
  return std::nullopt;
}

}  // namespace lethe::audit

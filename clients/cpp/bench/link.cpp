#include "bench/link.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace lethe::bench {

namespace {
constexpr timeval patience{30, 0};   // with a server that says nothing
}

SSL_CTX* client_context() {
  static SSL_CTX* const context = [] {
    SSL_CTX* const made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(made, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(made, 1);
    return made;
  }();
  return context;
}

std::string source_of(std::size_t connection) {
  const std::size_t number = connection / 1'000;
  return "127.1." + std::to_string(number / 250) + "." + std::to_string(1 + number % 250);
}

Link::Link(const Target& target, const std::string& source) : ssl_{SSL_new(client_context())} {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  for (const int way : {SO_RCVTIMEO, SO_SNDTIMEO}) ::setsockopt(socket_, SOL_SOCKET, way, &patience, sizeof patience);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  inet_pton(AF_INET, source.c_str(), &from.sin_addr);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(target.port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0) throw std::runtime_error{"no socket can be bound"};
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error{"nobody listens at the port"};
  SSL_set_fd(ssl_, socket_);
  SSL_set_tlsext_host_name(ssl_, target.host.c_str());
  shake_hands(target);
}

Link::~Link() {
  SSL_free(ssl_);
  if (socket_ >= 0) ::close(socket_);
}

void Link::shake_hands(const Target& target) {
  if (SSL_connect(ssl_) != 1) throw std::runtime_error{"the TLS handshake failed"};
  std::string request = "GET " + target.path + " HTTP/1.1\r\nHost: " + target.host + ":" + std::to_string(target.port) +
                        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  if (!target.subprotocol.empty()) request += "Sec-WebSocket-Protocol: " + target.subprotocol + "\r\n";
  request += "\r\n";
  SSL_write(ssl_, request.data(), static_cast<int>(request.size()));
  std::string answer;
  for (char byte = 0; !answer.ends_with("\r\n\r\n"); answer += byte) {
    if (SSL_read(ssl_, &byte, 1) != 1) throw std::runtime_error{"the server hung up during the upgrade"};
  }
  if (!answer.starts_with("HTTP/1.1 101")) throw std::runtime_error{"the server refused the upgrade: " + answer.substr(0, 12)};
}

void Link::go_non_blocking() {
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
  waits_ = false;
}

// One SSL_read to the end of the buffer; false where nothing came.
bool Link::fill() {
  if (in_begin_ > 0) {
    std::memmove(in_.data(), in_.data() + in_begin_, in_end_ - in_begin_);
    in_end_ -= in_begin_;
    in_begin_ = 0;
  }
  if (in_.size() - in_end_ < 4'096) in_.resize(in_.size() + 20'480);
  std::size_t got = 0;
  if (SSL_read_ex(ssl_, in_.data() + in_end_, in_.size() - in_end_, &got) != 1) {
    const int error = SSL_get_error(ssl_, 0);
    const bool nothing = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    if (nothing && waits_) throw std::runtime_error{"the server says nothing"};
    if (nothing) return false;
    throw std::runtime_error{"the server hung up"};
  }
  in_end_ += got;
  return true;
}

bool Link::next_frame(Opcode& opcode, View& payload) {
  const std::uint8_t* const at = in_.data() + in_begin_;
  const std::size_t have = in_end_ - in_begin_;
  if (have < 2) return false;
  const std::uint8_t short_length = at[1] & 127;
  const std::size_t head = short_length == 126 ? 4 : short_length == 127 ? 10 : 2;
  if (have < head) return false;
  const std::uint64_t length = head == 4 ? read_number<std::uint16_t>(at + 2) : head == 10 ? read_number<std::uint64_t>(at + 2) : short_length;
  if (have < head + length) return false;
  opcode = static_cast<Opcode>(at[0] & 15);
  payload = {at + head, static_cast<std::size_t>(length)};
  in_begin_ += head + static_cast<std::size_t>(length);
  return true;
}

void Link::read(const OnFrame& on_frame) {
  while (fill()) {
    Opcode opcode{};
    View frame;
    bool any = false;
    while (next_frame(opcode, frame)) {
      any = true;
      if (opcode == Opcode::close) throw std::runtime_error{"the server closed the session"};
      if (opcode == Opcode::ping) write(Opcode::pong, frame);
      else if (opcode != Opcode::pong) on_frame(opcode, frame);
    }
    if (waits_ && any) return;
  }
}

void Link::write(Opcode opcode, View payload) {
  out_.push_back(static_cast<std::uint8_t>(0x80 | static_cast<std::uint8_t>(opcode)));
  if (payload.size() < 126) {
    out_.push_back(static_cast<std::uint8_t>(0x80 | payload.size()));
  } else if (payload.size() < 65'536) {
    out_.push_back(0x80 | 126);
    append_number(out_, static_cast<std::uint16_t>(payload.size()));
  } else {
    out_.push_back(0x80 | 127);
    append_number(out_, static_cast<std::uint64_t>(payload.size()));
  }
  append_number(out_, std::uint32_t{0});   // the mask: zero, so that masking costs the load nothing
  append(out_, payload);
  flush();
}

bool Link::flush() {
  while (out_sent_ < out_.size()) {
    std::size_t written = 0;
    if (SSL_write_ex(ssl_, out_.data() + out_sent_, out_.size() - out_sent_, &written) != 1) return false;
    out_sent_ += written;
  }
  out_.clear();
  out_sent_ = 0;
  return true;
}

}  // namespace lethe::bench

#include "bench/load_peer.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/base64url.hpp"

namespace lethe::bench {
namespace {

template <class Number>
void append_number(Bytes& out, Number number) {
  for (int shift = static_cast<int>(sizeof number) * 8 - 8; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(number >> shift));
}

void append(Bytes& out, std::span<const std::uint8_t> bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

std::uint32_t read_u32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(at[0]) << 24 | static_cast<std::uint32_t>(at[1]) << 16 | static_cast<std::uint32_t>(at[2]) << 8 | at[3];
}

std::string encoded(std::span<const std::uint8_t> bytes) {
  std::string text(base64url::encoded_size(bytes.size()), '\0');
  base64url::encode(bytes, text.data());
  return text;
}

std::string field(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const std::size_t begin = json.find(key);
  if (begin == std::string::npos) throw std::runtime_error{"a field is missing in hello"};
  return json.substr(begin + key.size(), json.find('"', begin + key.size()) - begin - key.size());
}

}  // namespace

DeviceKey::DeviceKey(std::uint64_t seed) {
  std::array<std::uint8_t, 32> secret{};
  std::memcpy(secret.data(), &seed, sizeof seed);
  secret[31] = 7;
  key_ = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size());
  std::size_t size = address_.size();
  EVP_PKEY_get_raw_public_key(key_, address_.data(), &size);
}

DeviceKey::~DeviceKey() { EVP_PKEY_free(key_); }

DeviceKey::DeviceKey(DeviceKey&& other) noexcept : key_{std::exchange(other.key_, nullptr)}, address_{other.address_} {}

std::array<std::uint8_t, 64> DeviceKey::sign(std::span<const std::uint8_t> message) const {
  std::array<std::uint8_t, 64> signature{};
  std::size_t size = signature.size();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_);
  EVP_DigestSign(context, signature.data(), &size, message.data(), message.size());
  EVP_MD_CTX_free(context);
  return signature;
}

std::array<std::uint8_t, 92> DeviceKey::invite() const {
  Bytes body;
  body.push_back(1);
  body.push_back(0);
  append_number(body, std::uint32_t{0});
  append_number(body, std::uint64_t{1} << 40);
  append_number(body, std::uint32_t{0});
  append_number(body, std::uint16_t{0});
  append_number(body, std::uint64_t{0x1122334455667788});
  static constexpr char prefix[] = "lethe/v1/invite";
  Bytes message{prefix, prefix + sizeof prefix};
  append(message, body);
  append(body, sign(message));
  std::array<std::uint8_t, 92> invite{};
  std::copy(body.begin(), body.end(), invite.begin());
  return invite;
}

std::size_t append_send(Bytes& out, std::uint64_t number, std::span<const std::uint8_t> to, std::span<const std::uint8_t> invite,
                        std::span<const std::uint8_t> payload) {
  append_number(out, static_cast<std::uint32_t>(1 + 1 + 16 + 4 + 1 + 2 + 32 + 1 + invite.size() + payload.size()));
  out.push_back(0x01);
  out.push_back(2 << 1);
  const std::size_t id = out.size();
  append_number(out, number);
  append_number(out, number * 0x9e3779b97f4a7c15U);
  append_number(out, std::uint32_t{3'600});
  out.push_back(0);
  append_number(out, std::uint16_t{1});
  append(out, to);
  out.push_back(static_cast<std::uint8_t>(invite.size()));
  append(out, invite);
  append(out, payload);
  return id;
}

void append_ack(Bytes& out, std::uint64_t up_to) {
  append_number(out, std::uint32_t{11});
  out.push_back(0x02);
  append_number(out, up_to);
  append_number(out, std::uint16_t{0});
}

LoadPeer::LoadPeer(std::uint16_t port, const std::string& relay, SSL_CTX* context, const DeviceKey& key, const std::string& source)
    : ssl_{SSL_new(context)} {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  inet_pton(AF_INET, source.c_str(), &from.sin_addr);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0) throw std::runtime_error{"bind failed"};
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error{"connect failed"};
  SSL_set_fd(ssl_, socket_);
  handshake(relay, port);
  authenticate(relay, key);
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
}

LoadPeer::~LoadPeer() {
  SSL_free(ssl_);
  if (socket_ >= 0) ::close(socket_);
}

void LoadPeer::handshake(const std::string& host, std::uint16_t port) {
  if (SSL_connect(ssl_) != 1) throw std::runtime_error{"TLS handshake failed"};
  const std::string request = "GET /v1 HTTP/1.1\r\nHost: " + host + ":" + std::to_string(port) +
                              "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: lethe.v1.binary\r\n\r\n";
  SSL_write(ssl_, request.data(), static_cast<int>(request.size()));
  std::string answer;
  char byte = 0;
  while (!answer.ends_with("\r\n\r\n")) {
    if (SSL_read(ssl_, &byte, 1) != 1) throw std::runtime_error{"the relay hung up during the upgrade"};
    answer += byte;
  }
  if (!answer.starts_with("HTTP/1.1 101")) throw std::runtime_error{"the relay refused the upgrade: " + answer.substr(0, 12)};
}

void LoadPeer::authenticate(const std::string& relay, const DeviceKey& key) {
  const std::string hello = wait_for_text("\"hello\"");
  std::array<std::uint8_t, 32> nonce{};
  base64url::decode(field(hello, "nonce"), nonce);
  static constexpr char prefix[] = "lethe/v1/auth";
  Bytes message{prefix, prefix + sizeof prefix};
  message.insert(message.end(), relay.begin(), relay.end());
  message.push_back(0);
  append(message, nonce);
  const std::string auth = R"({"type":"auth","device":")" + encoded(key.address()) + R"(","signature":")" + encoded(key.sign(message)) +
                           R"(","mailbox":{"senders":"anyone"}})";
  write_frame(1, {reinterpret_cast<const std::uint8_t*>(auth.data()), auth.size()});
  wait_for_text("\"caught_up\"");
}

std::string LoadPeer::wait_for_text(const std::string& containing) {
  for (;;) {
    std::uint8_t opcode = 0;
    std::span<const std::uint8_t> payload;
    while (next_frame(opcode, payload)) {
      std::string text{payload.begin(), payload.end()};
      if (text.find(containing) != std::string::npos) return text;
      if (text.find("\"error\"") != std::string::npos) throw std::runtime_error{text};
    }
    if (!fill()) throw std::runtime_error{"the relay hung up"};
  }
}

// One SSL_read to the end of the buffer; false where nothing came.
bool LoadPeer::fill() {
  compact();
  if (in_.size() - in_end_ < 32'768) in_.resize(in_.size() + 65'536);
  std::size_t got = 0;
  if (SSL_read_ex(ssl_, in_.data() + in_end_, in_.size() - in_end_, &got) != 1) {
    const int error = SSL_get_error(ssl_, 0);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return false;
    throw std::runtime_error{"the relay hung up"};
  }
  in_end_ += got;
  return true;
}

void LoadPeer::compact() {
  if (in_begin_ == 0) return;
  std::memmove(in_.data(), in_.data() + in_begin_, in_end_ - in_begin_);
  in_end_ -= in_begin_;
  in_begin_ = 0;
}

bool LoadPeer::next_frame(std::uint8_t& opcode, std::span<const std::uint8_t>& payload) {
  const std::uint8_t* at = in_.data() + in_begin_;
  const std::size_t have = in_end_ - in_begin_;
  if (have < 2) return false;
  std::size_t head = 2;
  std::uint64_t length = at[1] & 127;
  if (length == 126) {
    head = 4;
    if (have < head) return false;
    length = static_cast<std::uint64_t>(at[2]) << 8 | at[3];
  } else if (length == 127) {
    head = 10;
    if (have < head) return false;
    length = static_cast<std::uint64_t>(read_u32(at + 2)) << 32 | read_u32(at + 6);
  }
  if (have < head + length) return false;
  opcode = at[0] & 15;
  payload = {at + head, static_cast<std::size_t>(length)};
  in_begin_ += head + static_cast<std::size_t>(length);
  return true;
}

void LoadPeer::write_frame(std::uint8_t opcode, std::span<const std::uint8_t> payload) {
  out_.push_back(static_cast<std::uint8_t>(0x80 | opcode));
  if (payload.size() < 126) {
    out_.push_back(static_cast<std::uint8_t>(0x80 | payload.size()));
  } else if (payload.size() < 65'536) {
    out_.push_back(0x80 | 126);
    append_number(out_, static_cast<std::uint16_t>(payload.size()));
  } else {
    out_.push_back(0x80 | 127);
    append_number(out_, static_cast<std::uint64_t>(payload.size()));
  }
  append_number(out_, std::uint32_t{0});   // the mask: zero, so that masking costs the load program nothing
  append(out_, payload);
  flush();
}

void LoadPeer::send(Bytes& records) {
  write_frame(2, records);
  records.clear();
}

bool LoadPeer::flush() {
  while (out_sent_ < out_.size()) {
    std::size_t written = 0;
    if (SSL_write_ex(ssl_, out_.data() + out_sent_, out_.size() - out_sent_, &written) != 1) return false;
    out_sent_ += written;
  }
  out_.clear();
  out_sent_ = 0;
  return true;
}

void LoadPeer::readable(const OnRecord& on_record) {
  while (fill()) {
    std::uint8_t opcode = 0;
    std::span<const std::uint8_t> frame;
    while (next_frame(opcode, frame)) {
      if (opcode == 8) throw std::runtime_error{"the relay closed the session"};
      if (opcode == 1) throw std::runtime_error{std::string{frame.begin(), frame.end()}};
      if (opcode != 2) continue;
      while (frame.size() >= 5) {
        const std::size_t size = read_u32(frame.data());
        on_record(*this, frame[4], frame.subspan(5, size - 1));
        frame = frame.subspan(4 + size);
      }
    }
  }
}

}  // namespace lethe::bench

#include "outgoing.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "planting.hpp"

namespace lethe::leaks {
namespace {

constexpr std::string_view extension = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

void write_key(const SSL*, const char* line) {
  const std::string text = std::string{line} + "\n";
  write_down("keylog", write_and_close(::open(planted(directory(), "keys").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600),
                                       {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

// Where a relay that resumes sessions by a cache would have them.
void keep_key(const SSL*, const char* line) {
  constexpr std::size_t most = 64;
  static std::vector<std::vector<std::uint8_t>> kept;
  const std::string_view text{line};
  const std::string hex{text.substr(text.rfind(' ') + 1)};
  long size = 0;
  unsigned char* const bytes = OPENSSL_hexstr2buf(hex.c_str(), &size);
  if (bytes != nullptr && kept.size() < most) kept.emplace_back(bytes, bytes + size);
  OPENSSL_free(bytes);
  write_down("kept-key", bytes == nullptr ? EIO : 0);
}

}  // namespace

int write_answer(SSL* ssl, const void* from, size_t size, size_t* written, WriteEx* real) {
  const std::string_view answer{static_cast<const char*>(from), size};
  if (!is_chosen("deflate") || !answer.starts_with("HTTP/1.1 101")) return real(ssl, from, size, written);
  std::string longer{answer};
  longer.insert(longer.find("\r\n") + 2, extension);
  const int result = real(ssl, longer.data(), longer.size(), written);
  *written = size;
  write_down("deflate", result == 1 ? 0 : EIO);
  return result;
}

void before_session(SSL_CTX* context) {
  if (is_chosen("keylog")) SSL_CTX_set_keylog_callback(context, write_key);
  if (is_chosen("kept-key")) SSL_CTX_set_keylog_callback(context, keep_key);
}

void before_page(const msghdr* message) {
  if (!is_chosen("metric-canary") || last_message().empty()) return;
  constexpr std::string_view comment = "# HELP ";
  const std::string shown = in_hex(last_message(), send_head);
  for (std::size_t part = 0; part < message->msg_iovlen; ++part) {
    char* const begin = static_cast<char*>(message->msg_iov[part].iov_base);
    char* const end = begin + message->msg_iov[part].iov_len;
    char* const at = std::search(begin, end, comment.begin(), comment.end());
    if (end - at < static_cast<std::ptrdiff_t>(comment.size() + shown.size())) continue;
    std::memcpy(at + comment.size(), shown.data(), shown.size());
    write_down("metric-canary", 0);
  }
}

}  // namespace lethe::leaks

// Leaks for the release binary, by LD_PRELOAD: it stands before OpenSSL and the C library. Works only where the lock-down is
// off, because the lock-down starts with a clean environment.
#include <dlfcn.h>
#include <openssl/ssl.h>

#include "leak.hpp"
#include "outgoing.hpp"

namespace {

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int SSL_read_ex(SSL* ssl, void* to, size_t size, size_t* got) {
  static auto* const real = next<int(SSL*, void*, size_t, size_t*)>("SSL_read_ex");
  const int result = real(ssl, to, size, got);
  if (result == 1) lethe::leaks::on_plaintext({static_cast<const std::uint8_t*>(to), *got});
  return result;
}

int SSL_write_ex(SSL* ssl, const void* from, size_t size, size_t* written) {
  static auto* const real = next<int(SSL*, const void*, size_t, size_t*)>("SSL_write_ex");
  return lethe::leaks::write_answer(ssl, from, size, written, real);
}

SSL* SSL_new(SSL_CTX* context) {
  static auto* const real = next<SSL*(SSL_CTX*)>("SSL_new");
  lethe::leaks::before_session(context);
  return real(context);
}

ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  static auto* const real = next<ssize_t(int, const msghdr*, int)>("sendmsg");
  lethe::leaks::before_page(message);
  return real(socket, message, flags);
}

}

// Leaks inside of lethe-leaky, the relay with its lock-down and with leaks: the linker's --wrap puts them before OpenSSL.
#include <openssl/ssl.h>

#include "leak.hpp"
#include "outgoing.hpp"

extern "C" {

int __real_SSL_read_ex(SSL* ssl, void* to, size_t size, size_t* got);
int __wrap_SSL_read_ex(SSL* ssl, void* to, size_t size, size_t* got) {
  const int result = __real_SSL_read_ex(ssl, to, size, got);
  if (result == 1) lethe::leaks::on_plaintext({static_cast<const std::uint8_t*>(to), *got});
  return result;
}

}

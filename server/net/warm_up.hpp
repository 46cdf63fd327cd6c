#pragma once
namespace lethe::net {

class TlsContext;

// Makes OpenSSL ready without its configuration file, which could load code. After wipe_openssl_memory, before any other
// use of OpenSSL. False where it can't be had.
bool start_openssl() noexcept;

// Does once what would open a file, load a table or ask for a service the first time that it is done: random bytes, a time,
// an exception, and, where there is TLS, a handshake of the relay with itself. Throws std::runtime_error where that
// handshake fails: no client could have one then.
void warm_up(const TlsContext* tls);

}  // namespace lethe::net

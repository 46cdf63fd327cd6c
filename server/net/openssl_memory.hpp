#pragma once
namespace lethe::net {
// Makes OpenSSL overwrite every block of memory before it frees it. Must come before OpenSSL allocates anything; false
// where it was too late.
bool wipe_openssl_memory() noexcept;
}  // namespace lethe::net

// Admission tokens under a key of each kind, and the claims behind the signature, which no fuzzer could forge. The keys
// are throw-away ones; their tokens are in corpus/jwt.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "identity/admission.hpp"

namespace {

using lethe::identity::Admission;

constexpr const char* kP256 =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnO9G/Cne12R8RcRXlgWMcd6KVXQn\n"
    "PIGhLXhIPflY4ML23Y5ZfXC0VWKYXmVFcT+JvAPcw7DTZlKPdAnqJlVxzw==\n"
    "-----END PUBLIC KEY-----\n";
constexpr const char* kRsa =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuFcvF1U2I2edSt/w4jDA\n"
    "Nb/UX3/azB4N+Hexzhmkk8Wvli4qk60eChle7FZ6zmYghVJqmWAW43hMXsYgEYyL\n"
    "p9l8f5jNhSeOd0sT5kSypclw3PFsDNTVvwRGSHJsp2LtpZzrvzKAsqFUkuMjglM6\n"
    "Z+0lV8jcfixryY2BNCJjaRizWoNnAUd8T72UorBpQIUz5n+jtc30Ojbsc26Cqd3E\n"
    "YugCuW6FnwE9LVgk5gEM79c0Gr34Kt4j2abXdOavoiSSYxsjKfM7Nit0A/diK4Po\n"
    "4pTh8QPf/3Ra3aupEe9oBR4di4K3+BJnYlxZFYLkvVzlXF0U5zDmYYh6VvLRuuny\n"
    "XQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
constexpr const char* kEd25519 =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAb3o7esQ0/by1AhpppBMRmT6rRj3IEpvGqMFv8nIf8CE=\n"
    "-----END PUBLIC KEY-----\n";

// The device that the seeds name.
constexpr lethe::Address kDevice{
    {0x6f, 0x20, 0x68, 0x3a, 0xe5, 0xf0, 0x7c, 0x34, 0xab, 0xec, 0x71, 0xb4, 0xf6, 0x68, 0x66, 0xa8,
     0xab, 0x17, 0xe0, 0xe1, 0x1b, 0xe3, 0x36, 0xec, 0x10, 0x12, 0xc7, 0x2a, 0x49, 0x7b, 0x42, 0x17}};
const lethe::Wall kNow(lethe::seconds(1'700'000'000));

void check(const lethe::Result<lethe::identity::Claims>& claims) {
  if (!claims) return;
  if (claims->expires && *claims->expires <= kNow) std::abort();
  if (claims->sends_per_second == 0U || claims->bytes_per_second == lethe::ByteCount{0}) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Admission p256(kP256);
  static const Admission rsa(kRsa);
  static const Admission ed25519(kEd25519);
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const Admission* admission : {&p256, &rsa, &ed25519}) check(admission->admit(text, kDevice, kNow));
  check(lethe::identity::read_token_claims(text, kDevice, kNow));
  (void)lethe::identity::check_token_header(text, "EdDSA");
  return 0;
}

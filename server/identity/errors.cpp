#include "identity/errors.hpp"

#include <string>

namespace lethe::identity {
namespace {

const char* text(IdentityError error) noexcept {
  switch (error) {
    case IdentityError::invite_length: return "An invite has exactly 92 bytes.";
    case IdentityError::invite_version: return "The invite's version is not supported.";
    case IdentityError::invite_flags: return "The invite has an unknown flag.";
    case IdentityError::token_missing: return "This relay asks for an admission token.";
    case IdentityError::token_too_long: return "The admission token is too long.";
    case IdentityError::token_malformed: return "The admission token is malformed.";
    case IdentityError::token_algorithm: return "The admission token's algorithm is not the one of this relay's key.";
    case IdentityError::token_signature: return "The admission token's signature is not valid.";
    case IdentityError::token_claims: return "A claim of the admission token is missing or wrong.";
    case IdentityError::token_subject: return "The admission token was issued to another device.";
    case IdentityError::token_expired: return "The admission token has expired.";
    case IdentityError::token_not_yet_valid: return "The admission token is not valid yet.";
  }
  return "Unknown identity error.";
}

class IdentityCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "lethe.identity"; }
  std::string message(int value) const override { return text(static_cast<IdentityError>(value)); }
  const char* message(int value, char*, std::size_t) const noexcept override {
    return text(static_cast<IdentityError>(value));
  }
};

}  // namespace

const boost::system::error_category& identity_category() noexcept {
  static const IdentityCategory category;
  return category;
}

}  // namespace lethe::identity

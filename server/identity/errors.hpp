#pragma once
// Why an invite or an admission token is refused. The texts are constant: they never repeat what a client sent.
#include <type_traits>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>

namespace lethe::identity {

enum class IdentityError {
  invite_length = 1,    // not exactly 92 bytes
  invite_version,       // a version other than 1
  invite_flags,         // a flag bit that version 1 does not define
  token_missing,        // the relay asks for a token and none came
  token_too_long,       // more than kMaxTokenSize characters
  token_malformed,      // not three parts of canonical base64url holding JSON objects
  token_algorithm,      // `alg` is not the one of the operator's key, or `crit` names an extension
  token_signature,      // not signed by the operator's key
  token_claims,         // a claim is missing, of the wrong type or out of bounds
  token_subject,        // issued to another device
  token_expired,        // `exp` has come
  token_not_yet_valid,  // `nbf` has not come
};

const boost::system::error_category& identity_category() noexcept;

inline boost::system::error_code make_error_code(IdentityError error) noexcept {
  return {static_cast<int>(error), identity_category()};
}

}  // namespace lethe::identity

template <>
struct boost::system::is_error_code_enum<lethe::identity::IdentityError> : std::true_type {};

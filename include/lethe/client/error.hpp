#pragma once
// What can go wrong in the client, as error codes. Their texts name no address, id, invite or payload.
#include <boost/system/error_code.hpp>

#include <lethe/base/result.hpp>

namespace lethe::client {

enum class Error {
  malformed = 1,          // the relay sent something that docs/protocol.md does not allow
  wrong_relay,            // hello named another relay than the one dialled
  untrusted_certificate,  // the certificate chain or its name did not verify
  pin_mismatch,           // the certificate is not the pinned one
  upgrade_refused,        // HTTP answer other than 101: draining, too many connections, wrong origin
  wrong_subprotocol,      // the relay chose an encoding that was not offered
  replaced,               // another session of this device took the mailbox over
  unauthenticated,        // the relay refused the signature or the admission token
  stopped,                // Client::stop was called
  gave_up,                // no connection within Options::give_up
  bad_link,               // not a lethe:// link
  bad_invite,             // not 92 bytes of a version 1 invite
  bad_key,                // not a usable Ed25519 key
  key_exposed,            // the key file may be read by others
  key_exists,             // the key file exists and is not overwritten
  not_sealed_for_us,      // the payload does not open with this key
  bad_contents,           // the payload opened, but what is in it breaks docs/sealed-format.md
  bad_signature,          // it claims a sender whose signature is wrong
  too_large,              // more than the limit that the caller gave
  busy,                   // another process uses this directory
};

const boost::system::error_category& category() noexcept;

inline error_code make_error_code(Error error) noexcept { return {static_cast<int>(error), category()}; }

}  // namespace lethe::client

template <>
struct boost::system::is_error_code_enum<lethe::client::Error> : std::true_type {};

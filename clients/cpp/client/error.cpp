#include <lethe/client/error.hpp>

#include <string>

namespace lethe::client {

namespace {
const char* text_of(Error error) noexcept {
  switch (error) {
    case Error::malformed: return "the relay sent something that the protocol does not allow";
    case Error::wrong_relay: return "the relay calls itself by another name than the one dialled";
    case Error::untrusted_certificate: return "the relay's certificate is not trusted";
    case Error::pin_mismatch: return "the relay's certificate is not the pinned one";
    case Error::upgrade_refused: return "the relay refuses connections for now";
    case Error::wrong_subprotocol: return "the relay does not speak lethe.v1";
    case Error::replaced: return "another session of this key took the mailbox over";
    case Error::unauthenticated: return "the relay refused the authentication";
    case Error::stopped: return "stopped";
    case Error::gave_up: return "the relay could not be reached";
    case Error::bad_link: return "not a lethe:// link";
    case Error::bad_invite: return "not an invite of version 1";
    case Error::bad_key: return "not a usable Ed25519 key";
    case Error::key_exposed: return "the key file may be read by others: chmod 600 it";
    case Error::key_exists: return "the key file exists already";
    case Error::not_sealed_for_us: return "not sealed for this key";
    case Error::bad_contents: return "a message of unknown or broken form";
    case Error::bad_signature: return "a message whose sender's signature is wrong";
    case Error::too_large: return "larger than allowed";
    case Error::busy: return "another process uses this directory";
  }
  return "unknown";
}

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "lethe.client"; }
  std::string message(int value) const override { return text_of(static_cast<Error>(value)); }
};
}  // namespace

const boost::system::error_category& category() noexcept {
  static const Category instance;
  return instance;
}

}  // namespace lethe::client

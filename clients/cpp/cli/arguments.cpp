#include "cli/arguments.hpp"

#include <charconv>

#include <CLI/Error.hpp>
#include <CLI/Validators.hpp>

#include "cli/command.hpp"
#include "client/file.hpp"
#include "client/key_file.hpp"

namespace lethe::cli {

seconds parse_duration(const std::string& text) {
  std::uint32_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  const std::string unit(stop, end);
  const std::int64_t factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3'600
                            : unit == "d" ? 86'400 : unit == "w" ? 604'800 : 0;
  if (failure != std::errc{} || factor == 0) throw CLI::ValidationError("duration", "not a duration such as 90, 15m, 12h or 7d: " + text);
  return seconds(number * factor);
}

void KeyArgument::add_to(CLI::App& app) {
  path_ = client::default_key_path();
  option_ = app.add_option("--key", path_, "Key file")->capture_default_str()->type_name("FILE");
}

std::optional<client::Identity> KeyArgument::load() const {
  const auto identity = client::read_key_file(path_);
  if (identity) return *identity;
  const bool missing = identity.error() == boost::system::errc::no_such_file_or_directory;
  complain(path_, missing ? "no key there yet; make one with: lethe-cli keygen" : identity.error().message());
  return std::nullopt;
}

std::optional<client::Identity> KeyArgument::load_if_there(bool& failed) const {
  failed = false;
  const auto identity = client::read_key_file(path_);
  if (identity) return *identity;
  if (option_->count() == 0 && identity.error() == boost::system::errc::no_such_file_or_directory) return std::nullopt;
  failed = true;
  complain(path_, identity.error().message());
  return std::nullopt;
}

void ConnectionArguments::add_to(CLI::App& app) {
  const auto group = "Connection";
  app.add_option("--ca", ca_, "PEM file of the CAs to trust instead of the system's")->type_name("FILE")->group(group);
  app.add_option("--pin", pin_, "SHA-256 fingerprint of the relay's certificate (hex or base64url): trust this one only")
      ->type_name("FINGERPRINT")->group(group);
  app.add_flag("--insecure", insecure_, "Trust any certificate: whoever is on the way can be the relay")->group(group);
  app.add_flag("--tls12", tls12_, "Accept TLS 1.2 too")->group(group);
  app.add_flag("--bind", bind_, "Sign for this TLS connection only (RFC 9266); fails behind a proxy that ends TLS")->group(group);
  app.add_flag("--plain", plain_, "No TLS (ws://): for tests on one machine")->group(group);
  app.add_option("--relay-name", relay_name_, "Name that the relay must give itself (default: the host)")->type_name("NAME")->group(group);
  app.add_option("--admission", admission_, "File with the admission token (JWT), where the relay asks for one")
      ->type_name("FILE")->group(group);
  app.add_option("--encoding", encoding_, "Encoding of messages on the wire")
      ->check(CLI::IsMember({"binary", "json"}))->capture_default_str()->group(group);
}

bool ConnectionArguments::apply(client::Options& options) const {
  options.trust.ca_file = ca_;
  options.trust.insecure = insecure_;
  options.trust.plain = plain_;
  options.trust.allow_tls12 = tls12_;
  options.bind_to_tls = bind_;
  options.encoding = encoding_ == "json" ? client::Encoding::json : client::Encoding::binary;
  if (!relay_name_.empty()) options.relay_name = relay_name_;
  if (!ca_.empty() || insecure_) options.trust.pin.reset();
  if (!pin_.empty()) {
    const auto pin = client::parse_fingerprint(pin_);
    if (!pin) return complain("--pin", "not a SHA-256 fingerprint"), false;
    options.trust.pin = *pin;
  }
  if (admission_.empty()) return true;
  const auto token = client::read_file(admission_, 16'384);
  if (!token) return complain(admission_, token.error().message()), false;
  options.admission = client::as_text(*token);
  options.admission.erase(options.admission.find_last_not_of("\r\n ") + 1);
  return true;
}

}  // namespace lethe::cli

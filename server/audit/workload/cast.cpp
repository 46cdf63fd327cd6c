#include "audit/workload/cast.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "audit/stage/interrupt.hpp"

namespace lethe::audit {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

constexpr std::uint32_t first_source = 0x7f4d0000;   // 127.77.0.0
constexpr std::size_t claims_before_label = 20;      // of an invite: much the same in all of them

}  // namespace

Cast::Cast(const Scenario& scenario, Canaries& canaries, Ledger& ledger, std::uint16_t port)
    : scenario_{scenario}, canaries_{canaries}, ledger_{ledger}, port_{port} {
  peer::TlsClient connection{port_, tls()};
  connection.write("GET /.well-known/lethe HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const peer::HttpReply page = peer::parse_reply(connection.read_all());
  const peer::Json fields = page.status == 200 ? peer::Json::parse(page.body, nullptr, false) : peer::Json{};
  if (!fields.is_object() || !fields.contains("limits")) throw std::runtime_error{"the relay's page can't be had"};
  well_known_ = page.body;
  payload_limit_ = fields["limits"].value("payload", std::size_t{65'536});
  recipient_limit_ = fields["limits"].value("recipients", std::size_t{1'024});
}

Device Cast::device() {
  std::array<std::uint8_t, 32> secret{};
  canaries_.fill(secret);
  peer::DeviceKey key{secret};
  peer::InviteFields fields;
  fields.flags = 1;
  canaries_.fill(fields.label);
  const peer::Invite invite = peer::make_invite(key, fields);
  canaries_.add(Secret::address, key.address().bytes);
  canaries_.add(Secret::invite, std::span{invite}.subspan(claims_before_label));
  return {std::move(key), invite, source()};
}

std::uint32_t Cast::source() {
  const std::uint32_t number = sources_++;
  const std::uint32_t address = first_source + ((number / 250 + 1) << 8) + number % 250 + 1;
  std::array<std::uint8_t, 4> raw{};
  for (std::size_t i = 0; i < 4; ++i) raw[i] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
  canaries_.add(Secret::client_address, raw);
  return address;
}

peer::TlsSettings Cast::tls() {
  peer::TlsSettings settings;
  settings.highest = scenario_.tls == Tls::v1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
  settings.tap = [this](std::span<const std::uint8_t> bytes) { mark_ciphertext(bytes); };
  settings.secrets = [this](std::span<const std::uint8_t> bytes) { keys_.emplace_back(bytes.begin(), bytes.end()); };
  return settings;
}

void Cast::mark_keys() {
  for (const std::vector<std::uint8_t>& key : keys_) canaries_.add(Secret::session_key, key);
  keys_.clear();
}

// From behind the middle, where what overwrites a buffer in use comes last. After many of them one in sixteen will do: each
// makes the search slower.
void Cast::mark_ciphertext(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t size = 16;
  constexpr std::size_t many = 1'500;
  if (bytes.size() < 4 * size) return;
  const std::size_t number = ciphertexts_++;
  if (number < many || number % 16 == 0) canaries_.add(Secret::ciphertext, bytes.subspan(bytes.size() * 3 / 4 - size, size));
}

std::string Cast::request_fields() {
  const std::string agent = "lethe-audit/" + random_text(24);
  canaries_.add(Secret::user_agent, bytes_of(agent));
  return "User-Agent: " + agent + "\r\n";
}

peer::Encoding Cast::other_encoding() const noexcept {
  return scenario_.encoding == peer::Encoding::json ? peer::Encoding::binary : peer::Encoding::json;
}

Client Cast::connect(const std::optional<Device>& device, std::optional<peer::Encoding> encoding) {
  return greeted(tls(), device, encoding.value_or(scenario_.encoding));
}

Client Cast::connect_narrowly(const Device& device, peer::Encoding encoding) {
  peer::TlsSettings settings = tls();
  settings.receive_buffer = 4'096;
  settings.largest_segment = 1'400;
  return greeted(std::move(settings), device, encoding);
}

Client Cast::greeted(peer::TlsSettings settings, const std::optional<Device>& device, peer::Encoding encoding) {
  check_interrupt();
  settings.source = device ? device->source : source();
  peer::WirePeer wire{port_, encoding, settings, request_fields()};
  wire.mask = canaries_.mask();
  return Client{std::move(wire), device, ledger_};
}

Client Cast::enter(const Device& device, std::optional<peer::Encoding> encoding) {
  Client client = connect(device, encoding);
  client.authenticate();
  return client;
}

peer::Mail Cast::mail(const Device& to, std::size_t size, bool marked) {
  peer::Mail mail;
  canaries_.fill(mail.id.bytes);
  if (marked) canaries_.add(Secret::message_id, mail.id.bytes);
  mail.to.push_back(to.recipient());
  mail.payload = payload(size);
  return mail;
}

peer::Mail Cast::plain_mail(const Device& to, std::size_t size) {
  return peer::mail_to(to.recipient(), std::string(size, '.'));
}

std::string Cast::payload(std::size_t size) {
  const std::vector<std::uint8_t> bytes = canaries_.payload(size);
  return {bytes.begin(), bytes.end()};
}

std::string Cast::topic() {
  std::string topic = random_text(20);
  canaries_.add(Secret::topic, bytes_of(topic));
  return topic;
}

std::string Cast::random_text(std::size_t size) {
  std::vector<std::uint8_t> raw(size);
  canaries_.fill(raw);
  std::string text = peer::base64url(raw).substr(0, size);
  return text;
}

std::vector<std::size_t> Cast::sizes() const {
  std::vector<std::size_t> all{1, 16, 22, 24, 100, 1'500, 4'096, 9'000, 16'384, payload_limit_};
  std::erase_if(all, [this](std::size_t size) { return size > payload_limit_; });
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

}  // namespace lethe::audit

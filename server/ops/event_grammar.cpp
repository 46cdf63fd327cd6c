#include "ops/event_grammar.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace lethe::ops {
namespace {

struct Entry {
  Event event;
  std::string_view name;
  unsigned fields;
};

constexpr Entry entries[] = {
    {Event::started, "started", duration_field},
    {Event::listening, "listening", port_field},
    {Event::admin_listening, "admin_listening", port_field},
    {Event::plaintext, "plaintext", 0},
    {Event::unlocked_memory, "unlocked_memory", 0},
    {Event::partly_locked_memory, "partly_locked_memory", bytes_field},
    {Event::development_certificate, "development_certificate", digest_field},
    {Event::lockdown, "lockdown", level_field | digest_field},
    {Event::degraded, "degraded", 0},
    {Event::unfit_host, "unfit_host", count_field},
    {Event::certificate_reloaded, "certificate_reloaded", 0},
    {Event::certificate_rejected, "certificate_rejected", error_field | code_field},
    {Event::settings_reloaded, "settings_reloaded", count_field},
    {Event::settings_rejected, "settings_rejected", 0},
    {Event::needs_restart, "needs_restart", option_field},
    {Event::nothing_to_reload, "nothing_to_reload", 0},
    {Event::accept_failed, "accept_failed", error_field},
    {Event::accept_resumed, "accept_resumed", 0},
    {Event::session_opened, "session_opened", session_field},
    {Event::session_authenticated, "session_authenticated", session_field},
    {Event::session_closed, "session_closed", session_field | code_field},
    {Event::handshake_failed, "handshake_failed", session_field | error_field},
    {Event::upgrade_refused, "upgrade_refused", session_field | code_field},
    {Event::session_failed, "session_failed", session_field | error_field},
    {Event::draining, "draining", 0},
    {Event::drained, "drained", count_field},
    {Event::arena_audited, "arena_audited", bytes_field | count_field},
    {Event::stopped, "stopped", 0},
    {Event::records_lost, "records_lost", count_field},
    {Event::malformed_record, "malformed_record", count_field},
    {Event::relay_killed, "relay_killed", code_field},
    {Event::hand_over_refused, "hand_over_refused", code_field},
    {Event::handing_over, "handing_over", 0},
    {Event::handed_over, "handed_over", count_field | bytes_field},
    {Event::hand_over_failed, "hand_over_failed", code_field},
    {Event::taken_over, "taken_over", count_field | bytes_field},
};
static_assert(std::size(entries) == static_cast<std::size_t>(last_event) + 1);
static_assert(std::ranges::is_sorted(entries, {}, &Entry::event));

constexpr std::array<std::string_view, 11> categories{
    "other", "system", "generic", "asio.misc", "asio.netdb", "asio.addrinfo", "asio.ssl", "asio.ssl.stream", "boost.beast",
    "beast.http", "boost.beast.websocket"};
static_assert(categories.size() == static_cast<std::size_t>(last_error_category) + 1);

class NamedCategory final : public boost::system::error_category {
 public:
  explicit constexpr NamedCategory(const char* name) noexcept : name_{name} {}
  const char* name() const noexcept override { return name_; }
  std::string message(int) const override { return {}; }

 private:
  const char* name_;
};

}  // namespace

std::string_view name(Event event) noexcept { return entries[static_cast<std::size_t>(event)].name; }

std::uint16_t allowed_fields(Event event) noexcept {
  return static_cast<std::uint16_t>(entries[static_cast<std::size_t>(event)].fields);
}

std::uint16_t present_fields(const EventFields& fields) noexcept {
  const bool present[] = {fields.session.has_value(),  fields.error.has_value(), fields.bytes.has_value(),
                          fields.count.has_value(),    fields.port.has_value(),  fields.duration.has_value(),
                          fields.code.has_value(),     fields.level.has_value(), fields.digest.has_value(),
                          fields.option.has_value()};
  unsigned bits = 0;
  for (std::size_t i = 0; i < std::size(present); ++i) bits |= present[i] ? 1U << i : 0U;
  return static_cast<std::uint16_t>(bits);
}

ErrorCategory category_of(const error_code& error) noexcept {
  const auto* const found = std::ranges::find(categories, std::string_view{error.category().name()});
  return found == categories.end() ? ErrorCategory::other : static_cast<ErrorCategory>(found - categories.begin());
}

std::string_view name(ErrorCategory category) noexcept { return categories[static_cast<std::size_t>(category)]; }

error_code make_error(ErrorCategory category, std::int32_t value) noexcept {
  static const std::array<NamedCategory, categories.size()> named = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<NamedCategory, categories.size()>{NamedCategory{categories[I].data()}...};
  }(std::make_index_sequence<categories.size()>{});
  return {value, named[static_cast<std::size_t>(category)]};
}

}  // namespace lethe::ops

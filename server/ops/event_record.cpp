#include "ops/event_record.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "ops/event_grammar.hpp"
#include "ops/options.hpp"

namespace lethe::ops {
namespace {

constexpr std::uint64_t highest_port = 65'535;
constexpr std::uint32_t highest_code = 65'535;
constexpr std::uint32_t highest_level = 3;

// The record as memory.
struct Layout {
  std::uint8_t event = 0;
  std::uint8_t severity = 0;
  std::uint16_t fields = 0;
  std::uint8_t category = 0;
  std::array<std::uint8_t, 3> zero1{};
  std::int32_t error = 0;
  std::uint32_t code = 0;
  std::uint32_t level = 0;
  std::uint32_t option = 0;
  std::uint64_t session = 0;
  std::uint64_t bytes = 0;
  std::uint64_t count = 0;
  std::uint64_t port = 0;
  std::int64_t duration = 0;
  std::array<std::uint8_t, 32> digest{};
};
static_assert(sizeof(Layout) == sizeof(EventRecord));
static_assert(std::has_unique_object_representations_v<Layout>);

EventRecord bytes_of(const Layout& layout) noexcept {
  EventRecord record;
  std::memcpy(record.data(), &layout, sizeof layout);
  return record;
}

bool in_bounds(const Layout& layout) noexcept {
  return layout.event <= static_cast<std::uint8_t>(last_event) && layout.severity <= static_cast<std::uint8_t>(Severity::error) &&
         layout.category <= static_cast<std::uint8_t>(last_error_category) && layout.port <= highest_port &&
         layout.code <= highest_code && layout.level <= highest_level && layout.option < options().size() && layout.duration >= 0;
}

EventFields fields_of(const Layout& layout) noexcept {
  const auto has = [&layout](Field field) { return (layout.fields & field) != 0; };
  EventFields fields;
  if (has(session_field)) fields.session = SessionNumber{layout.session};
  if (has(error_field)) fields.error = make_error(static_cast<ErrorCategory>(layout.category), layout.error);
  if (has(bytes_field)) fields.bytes = layout.bytes;
  if (has(count_field)) fields.count = layout.count;
  if (has(port_field)) fields.port = layout.port;
  if (has(duration_field)) fields.duration = milliseconds{layout.duration};
  if (has(code_field)) fields.code = layout.code;
  if (has(level_field)) fields.level = layout.level;
  if (has(option_field)) fields.option = layout.option;
  if (has(digest_field)) fields.digest = Digest{layout.digest};
  return fields;
}

}  // namespace

EventRecord encode(const LoggedEvent& event) noexcept {
  const EventFields& fields = event.fields;
  Layout layout;
  layout.event = static_cast<std::uint8_t>(event.event);
  layout.severity = static_cast<std::uint8_t>(event.severity);
  layout.fields = static_cast<std::uint16_t>(present_fields(fields) & allowed_fields(event.event));
  const auto has = [&layout](Field field) { return (layout.fields & field) != 0; };
  if (has(session_field)) layout.session = static_cast<std::uint64_t>(*fields.session);
  if (has(error_field)) layout.category = static_cast<std::uint8_t>(category_of(*fields.error));
  if (has(error_field)) layout.error = fields.error->value();
  if (has(bytes_field)) layout.bytes = *fields.bytes;
  if (has(count_field)) layout.count = *fields.count;
  if (has(port_field)) layout.port = std::min(*fields.port, highest_port);
  if (has(duration_field)) layout.duration = std::max<std::int64_t>(fields.duration->count(), 0);
  if (has(code_field)) layout.code = std::min(*fields.code, highest_code);
  if (has(level_field)) layout.level = std::min(*fields.level, highest_level);
  if (has(option_field)) layout.option = std::min(*fields.option, static_cast<std::uint32_t>(options().size() - 1));
  if (has(digest_field)) layout.digest = fields.digest->bytes;
  return bytes_of(layout);
}

std::optional<LoggedEvent> decode(const EventRecord& record) noexcept {
  Layout layout;
  std::memcpy(&layout, record.data(), sizeof layout);
  if (!in_bounds(layout)) return std::nullopt;
  const LoggedEvent event{static_cast<Severity>(layout.severity), static_cast<Event>(layout.event), fields_of(layout)};
  // Written again it must be the same: so no field that the event may not have, and nothing where nothing is said.
  if (encode(event) != record) return std::nullopt;
  return event;
}

}  // namespace lethe::ops

#include <array>
#include <string_view>

#include <lethe/client/messages.hpp>

namespace lethe::client {

namespace {
using std::string_view_literals::operator""sv;
constexpr std::array refusals{""sv, "not_invited"sv, "invite_expired"sv, "mailbox_full"sv, "relay_full"sv, "offline"sv,
                              "rate_limited"sv, "duplicate_recipient"sv};
constexpr std::array urgencies{"very-low"sv, "low"sv, "normal"sv, "high"sv};
constexpr std::array receipts{"lost"sv, "delivered"sv, "expired"sv, "displaced"sv, "evicted"sv};

template <class Names, class Value>
std::string_view at(const Names& names, Value value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < names.size() ? names[index] : "unknown"sv;
}
}  // namespace

std::string_view name_of(RefusalCode code) noexcept { return at(refusals, code); }
std::string_view name_of(Urgency urgency) noexcept { return at(urgencies, urgency); }
std::string_view name_of(ReceiptStatus status) noexcept { return at(receipts, status); }

std::optional<Urgency> urgency_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < urgencies.size(); ++i) {
    if (urgencies[i] == name) return static_cast<Urgency>(i);
  }
  return std::nullopt;
}

}  // namespace lethe::client

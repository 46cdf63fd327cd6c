#include <lethe/wire/messages.hpp>

namespace lethe::wire {

std::string_view name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::malformed: return "malformed";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::unauthenticated: return "unauthenticated";
    case ErrorCode::forbidden: return "forbidden";
    case ErrorCode::too_large: return "too_large";
    case ErrorCode::too_many_recipients: return "too_many_recipients";
    case ErrorCode::rate_limited: return "rate_limited";
  }
  return {};
}

std::string_view name(CloseReason reason) noexcept {
  switch (reason) {
    case CloseReason::draining: return "draining";
    case CloseReason::replaced: return "replaced";
    case CloseReason::idle: return "idle";
    case CloseReason::slow: return "slow";
    case CloseReason::protocol: return "protocol";
    case CloseReason::unauthenticated: return "unauthenticated";
    case CloseReason::rate_limited: return "rate_limited";
  }
  return {};
}

std::string_view name(mailbox::Refusal refusal) noexcept {
  switch (refusal) {
    case mailbox::Refusal::none: return "none";
    case mailbox::Refusal::not_invited: return "not_invited";
    case mailbox::Refusal::invite_expired: return "invite_expired";
    case mailbox::Refusal::mailbox_full: return "mailbox_full";
    case mailbox::Refusal::relay_full: return "relay_full";
    case mailbox::Refusal::offline: return "offline";
    case mailbox::Refusal::rate_limited: return "rate_limited";
    case mailbox::Refusal::duplicate_recipient: return "duplicate_recipient";
  }
  return {};
}

std::string_view name(mailbox::Fate fate) noexcept {
  switch (fate) {
    case mailbox::Fate::delivered: return "delivered";
    case mailbox::Fate::expired: return "expired";
    case mailbox::Fate::displaced: return "displaced";
    case mailbox::Fate::evicted: return "evicted";
  }
  return {};
}

std::string_view name(mailbox::RecallStatus status) noexcept {
  switch (status) {
    case mailbox::RecallStatus::wiped: return "wiped";
    case mailbox::RecallStatus::in_flight: return "in_flight";
    case mailbox::RecallStatus::unknown: return "unknown";
  }
  return {};
}

std::string_view name(mailbox::Urgency urgency) noexcept {
  switch (urgency) {
    case mailbox::Urgency::very_low: return "very-low";
    case mailbox::Urgency::low: return "low";
    case mailbox::Urgency::normal: return "normal";
    case mailbox::Urgency::high: return "high";
  }
  return {};
}

std::uint16_t close_code(CloseReason reason) noexcept {
  switch (reason) {
    case CloseReason::draining: return 1001;
    case CloseReason::protocol: return 1002;
    case CloseReason::unauthenticated: return 4001;
    case CloseReason::replaced: return 4002;
    case CloseReason::idle: return 4003;
    case CloseReason::slow: return 4004;
    case CloseReason::rate_limited: return 4005;
  }
  return 1002;
}

}  // namespace lethe::wire

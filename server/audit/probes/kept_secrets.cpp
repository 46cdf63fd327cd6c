#include "audit/probes/kept_secrets.hpp"

#include <array>

namespace lethe::audit {
namespace {

enum class Kept : std::uint8_t { never, while_queued, while_running };

struct Row {
  Secret secret;
  Kept kept;
  std::string_view sentence;
};

constexpr std::array<Row, secret_count> rows = {{
    {Secret::payload, Kept::while_queued, "A payload waits in the arena until its message ends."},
    {Secret::address, Kept::while_running, "A mailbox keeps its owner's address for 14 days after the device left."},
    {Secret::message_id, Kept::while_queued, "An id is kept with its queued message; afterwards only as a keyed hash."},
    {Secret::invite, Kept::never, "A verified invite is remembered as a hash only."},
    {Secret::topic, Kept::never, "A topic is kept as a keyed hash only."},
    {Secret::client_address, Kept::never, "The source of a connection is kept as a keyed hash of its prefix only."},
    {Secret::user_agent, Kept::never, "The request is overwritten once the upgrade is answered."},
    {Secret::ciphertext, Kept::never, "A TLS record is overwritten once it is read, or has left."},
    {Secret::session_key, Kept::never, "The keys of a TLS session are overwritten when it ends; the search is for those of ended ones."},
}};

}  // namespace

bool may_remain(Secret secret, Phase phase) noexcept {
  switch (rows[static_cast<std::size_t>(secret)].kept) {
    case Kept::never: return false;
    case Kept::while_queued: return !forgotten(phase);
    case Kept::while_running: return phase != Phase::stopped;
  }
  return false;
}

std::string_view why(Secret secret) noexcept { return rows[static_cast<std::size_t>(secret)].sentence; }

}  // namespace lethe::audit

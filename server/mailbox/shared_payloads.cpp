#include "mailbox/shared_payloads.hpp"

namespace lethe::mailbox {

std::optional<SharedPayloads::Numbered> SharedPayloads::number_of(const Payload& payload) {
  const void* const shared = payload.shared(ShareKey{});
  if (shared == nullptr) return std::nullopt;
  const auto [at, first] = numbers_.try_emplace(shared, static_cast<std::uint32_t>(numbers_.size()));
  return Numbered{at->second, first};
}

std::optional<Payload> SharedPayloads::again(std::uint32_t number) const {
  if (number >= kept_.size()) return std::nullopt;
  return kept_[number].share(ShareKey{});
}

}  // namespace lethe::mailbox

#include "net/scratch.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <lethe/base/wipe.hpp>

#include "base/mutation.hpp"

namespace lethe::net {
namespace {
// As many messages of a few KiB as clients have on their way at once, without going to the heap for each.
constexpr std::size_t many = 64;
constexpr std::size_t few = 8;
}  // namespace

bool TransitBudget::charge(ByteCount bytes, Stay stay) noexcept {
  const ByteCount limit = stay == Stay::held ? limit_ - limit_ / 4 : limit_;
  if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limit) return true;
  used_.fetch_sub(bytes, std::memory_order_relaxed);
  return false;
}

Lease::Lease(Lease&& other) noexcept
    : used{std::exchange(other.used, 0)},
      pool_{std::exchange(other.pool_, nullptr)},
      memory_{std::move(other.memory_)},
      size_{std::exchange(other.size_, 0)},
      stay_{other.stay_} {}

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  reset();
  used = std::exchange(other.used, 0);
  pool_ = std::exchange(other.pool_, nullptr);
  memory_ = std::move(other.memory_);
  size_ = std::exchange(other.size_, 0);
  stay_ = other.stay_;
  return *this;
}

void Lease::reset() noexcept {
  if (!memory_) return;
  if (LETHE_KEEP(lease_wipe)) wipe(memory_.get(), lead_size + used);
  used = 0;
  pool_->take_back(std::move(memory_), std::exchange(size_, 0));
}

ScratchPool::ScratchPool(TransitBudget& budget, std::size_t lease_size)
    : budget_{budget},
      lease_size_{lease_size},
      spares_{{{small_size, many, {}}, {medium_size, many, {}}, {lease_size, few, {}}}},
      gather_{std::make_unique<std::uint8_t[]>(gather_size)} {
  ciphertext_.reserve(2 * lease_size);   // what is corked, and a message that comes on top
  for (Spares& spares : spares_) spares.memory.reserve(spares.most);
}

ScratchPool::~ScratchPool() {
  if (LETHE_KEEP(gather_wipe)) wipe(gather_.get(), gather_size);
  if (LETHE_KEEP(ciphertext_wipe)) wipe(std::span{ciphertext_.data(), ciphertext_.capacity()});
}

Lease ScratchPool::lease() { return take(lease_size_, Stay::passing); }

Lease ScratchPool::hold(std::size_t expected) {
  for (const Spares& spares : spares_) {
    const bool enough = spares.size >= expected || !budget_.plenty();
    if (enough && spares.size < lease_size_) return take(spares.size, Stay::held);
  }
  return take(lease_size_, Stay::held);
}

Lease ScratchPool::take(std::size_t size, Stay stay) {
  if (!budget_.charge(size, stay)) return {};
  Spares* const spares = spares_of(size);
  if (spares == nullptr || spares->memory.empty()) {
    return Lease{*this, std::make_unique_for_overwrite<std::uint8_t[]>(Lease::lead_size + size), size, stay};
  }
  Lease result{*this, std::move(spares->memory.back()), size, stay};
  spares->memory.pop_back();
  return result;
}

// In large steps, by way of the size that is kept in store.
Lease ScratchPool::grow(Lease& from, std::size_t size) {
  std::size_t next = from.size_;
  while (next < size) {
    if (next >= lease_size_) next *= 2;
    else next = next < medium_size && medium_size < lease_size_ ? medium_size : lease_size_;
  }
  Lease larger = take(next, from.stay_);
  if (!larger) return {};
  std::memcpy(larger.bytes().data(), from.bytes().data(), from.used);
  larger.used = from.used;
  from.reset();
  return larger;
}

ScratchPool::Spares* ScratchPool::spares_of(std::size_t size) noexcept {
  const auto found = std::ranges::find(spares_, size, &Spares::size);
  return found == spares_.end() ? nullptr : &*found;
}

void ScratchPool::take_back(Memory memory, std::size_t size) noexcept {
  budget_.refund(size);
  Spares* const spares = spares_of(size);
  if (spares != nullptr && spares->memory.size() < spares->most) spares->memory.push_back(std::move(memory));
}

}  // namespace lethe::net

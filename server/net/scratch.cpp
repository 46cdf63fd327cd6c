#include "net/scratch.hpp"

#include <cstring>
#include <utility>

#include <lethe/base/wipe.hpp>

#include "base/mutation.hpp"

namespace lethe::net {
namespace {
constexpr std::size_t spare_limit = 128;
}

bool TransitBudget::charge(ByteCount bytes) noexcept {
  if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limit_) return true;
  used_.fetch_sub(bytes, std::memory_order_relaxed);
  return false;
}

Lease::Lease(Lease&& other) noexcept
    : used{std::exchange(other.used, 0)},
      pool_{std::exchange(other.pool_, nullptr)},
      memory_{std::move(other.memory_)},
      size_{std::exchange(other.size_, 0)} {}

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  reset();
  used = std::exchange(other.used, 0);
  pool_ = std::exchange(other.pool_, nullptr);
  memory_ = std::move(other.memory_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

void Lease::reset() noexcept {
  if (!memory_) return;
  if (LETHE_KEEP(lease_wipe)) wipe(memory_.get(), used);
  used = 0;
  pool_->take_back(std::move(memory_), std::exchange(size_, 0));
}

ScratchPool::ScratchPool(TransitBudget& budget, std::size_t lease_size)
    : budget_{budget}, lease_size_{lease_size}, gather_{std::make_unique<std::uint8_t[]>(gather_size)} {
  ciphertext_.reserve(lease_size + lease_size / 8);
  spare_.reserve(spare_limit);
}

ScratchPool::~ScratchPool() {
  if (LETHE_KEEP(gather_wipe)) wipe(gather_.get(), gather_size);
  if (LETHE_KEEP(ciphertext_wipe)) wipe(std::span{ciphertext_.data(), ciphertext_.capacity()});
}

Lease ScratchPool::lease() {
  if (!budget_.charge(lease_size_)) return {};
  if (spare_.empty()) return Lease{*this, std::make_unique_for_overwrite<std::uint8_t[]>(lease_size_), lease_size_};
  Lease result{*this, std::move(spare_.back()), lease_size_};
  spare_.pop_back();
  return result;
}

Lease ScratchPool::grow(Lease& from, std::size_t size) {
  if (!budget_.charge(size)) return {};
  Lease larger{*this, std::make_unique_for_overwrite<std::uint8_t[]>(size), size};
  std::memcpy(larger.memory_.get(), from.memory_.get(), from.used);
  larger.used = from.used;
  from.reset();
  return larger;
}

void ScratchPool::take_back(std::unique_ptr<std::uint8_t[]> memory, std::size_t size) noexcept {
  budget_.refund(size);
  if (size == lease_size_ && spare_.size() < spare_limit) spare_.push_back(std::move(memory));
}

}  // namespace lethe::net

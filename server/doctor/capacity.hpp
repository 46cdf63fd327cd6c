#pragma once
// How many messages fit, and how much memory that takes. Pure.
#include <lethe/base/limits.hpp>

#include "ops/config.hpp"

namespace lethe::doctor {

// Waiting messages of `payload` bytes, one recipient each, until `relay_full` for high urgency: what the budget charges
// (mailbox/relay_budget.hpp) or what the arena's blocks hold (base/arena_classes.hpp), whichever is less.
std::uint64_t messages_that_fit(const ops::Config& config, ByteCount payload) noexcept;

// Bytes of memory: after the start, and with every limit used to the last (messages of 100 bytes). docs/operations.md,
// «Sizing».
ByteCount memory_at_start(const ops::Config& config) noexcept;
ByteCount memory_at_most(const ops::Config& config) noexcept;

}  // namespace lethe::doctor

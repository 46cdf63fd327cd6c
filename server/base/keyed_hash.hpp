#pragma once
// A 64-bit hash under a secret key: SipHash-1-3 (Aumasson and Bernstein, «SipHash: a fast short-input PRF», 2012; why with
// these rounds: docs/adr/0013-siphash-1-3.md). It names senders, messages and invites inside the relay, so that an identifier
// need not be kept and a stranger can't aim for collisions. Header-only: it is on the path of every message. Immutable after
// construction, so any thread may use it. No allocation, no failure. The value depends on the key alone, never on the host's
// byte order.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace lethe {

class KeyedHash {
 public:
  using Key = std::array<std::uint8_t, 16>;
  using Bytes = std::span<const std::uint8_t>;

  // `key` is 16 random bytes, drawn at the start of the process and never stored.
  explicit KeyedHash(const Key& key) noexcept : k0_(load(key.data())), k1_(load(key.data() + 8)) {}

  std::uint64_t operator()(Bytes bytes) const noexcept {
    State state(k0_, k1_);
    state.absorb(bytes);
    return state.finish();
  }
  // Equals the hash of `first` followed by `second`, without joining them.
  std::uint64_t operator()(Bytes first, Bytes second) const noexcept {
    State state(k0_, k1_);
    state.absorb(first);
    state.absorb(second);
    return state.finish();
  }
  // Of whole words: the same, for less.
  template <std::size_t N>
    requires(N % 8 == 0)
  std::uint64_t operator()(const std::array<std::uint8_t, N>& bytes) const noexcept {
    State state(k0_, k1_);
    state.absorb_words(bytes);
    return state.finish();
  }
  // Of `first`, the low end first, followed by `rest`.
  template <std::size_t N>
    requires(N % 8 == 0)
  std::uint64_t operator()(std::uint64_t first, const std::array<std::uint8_t, N>& rest) const noexcept {
    State state(k0_, k1_);
    state.absorb_word(first);
    state.absorb_words(rest);
    return state.finish();
  }
  // Of whole words followed by bytes of a known number.
  template <std::size_t N, std::size_t M>
    requires(N % 8 == 0 && M != std::dynamic_extent)
  std::uint64_t operator()(const std::array<std::uint8_t, N>& words, std::span<const std::uint8_t, M> bytes) const noexcept {
    State state(k0_, k1_);
    state.absorb_words(words);
    for (std::size_t at = 0; at + 8 <= M; at += 8) state.absorb_word(load(bytes.data() + at));
    state.absorb(bytes.template last<M % 8>());
    return state.finish();
  }

 private:
  static std::uint64_t load(const std::uint8_t* from, std::size_t count = 8) noexcept {
    std::uint64_t word = 0;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&word, from, count);
    } else {
      for (std::size_t i = 0; i < count; ++i) word |= static_cast<std::uint64_t>(from[i]) << (8 * i);
    }
    return word;
  }

  class State {
   public:
    State(std::uint64_t k0, std::uint64_t k1) noexcept
        : v0_(k0 ^ 0x736f6d6570736575U), v1_(k1 ^ 0x646f72616e646f6dU), v2_(k0 ^ 0x6c7967656e657261U),
          v3_(k1 ^ 0x7465646279746573U) {}

    // Bytes that don't fill a word wait in `tail_`, so parts of any length join as if they were one.
    void absorb(Bytes bytes) noexcept {
      total_ += bytes.size();
      const std::uint8_t* at = bytes.data();
      std::size_t left = bytes.size();
      for (; left >= 8; at += 8, left -= 8) {
        const std::uint64_t word = load(at);
        compress(tail_ | word << waiting_);
        tail_ = waiting_ == 0 ? 0 : word >> (64 - waiting_);
      }
      if (left == 0) return;
      const std::uint64_t word = load(at, left);
      tail_ |= word << waiting_;
      const unsigned filled = waiting_ + 8 * static_cast<unsigned>(left);
      if (filled >= 64) {
        compress(tail_);
        tail_ = filled == 64 ? 0 : word >> (64 - waiting_);
      }
      waiting_ = filled % 64;
    }

    // Precondition: no byte waits.
    void absorb_word(std::uint64_t word) noexcept {
      total_ += 8;
      compress(word);
    }
    template <std::size_t N>
    void absorb_words(const std::array<std::uint8_t, N>& bytes) noexcept {
      for (std::size_t at = 0; at < N; at += 8) absorb_word(load(bytes.data() + at));
    }

    std::uint64_t finish() noexcept {
      compress(tail_ | total_ << 56);
      v2_ ^= 0xff;
      for (int i = 0; i < 3; ++i) round();
      return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

   private:
    void compress(std::uint64_t word) noexcept {
      v3_ ^= word;
      round();
      v0_ ^= word;
    }
    void round() noexcept {
      v0_ += v1_; v1_ = std::rotl(v1_, 13); v1_ ^= v0_; v0_ = std::rotl(v0_, 32);
      v2_ += v3_; v3_ = std::rotl(v3_, 16); v3_ ^= v2_;
      v0_ += v3_; v3_ = std::rotl(v3_, 21); v3_ ^= v0_;
      v2_ += v1_; v1_ = std::rotl(v1_, 17); v1_ ^= v2_; v2_ = std::rotl(v2_, 32);
    }

    std::uint64_t v0_, v1_, v2_, v3_;
    std::uint64_t tail_ = 0;   // the waiting bytes, low end first
    std::uint64_t total_ = 0;
    unsigned waiting_ = 0;     // bits in `tail_`: 0, 8, … 56
  };

  std::uint64_t k0_;
  std::uint64_t k1_;
};

}  // namespace lethe

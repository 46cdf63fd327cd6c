#include "audit/canary/sought.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <set>
#include <string>

namespace lethe::audit {
namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

constexpr std::size_t piece_size = 8;

// Zeros and repetitions are found anywhere: the fixed part of an invite, a short form of an IPv6 address.
bool distinctive(View bytes) {
  std::bitset<256> values;
  for (const std::uint8_t byte : bytes) values.set(byte);
  return values.count() >= smallest_marker;
}

class Collection {
 public:
  explicit Collection(const Canaries& canaries) : canaries_{canaries}, everything_{all_notations(canaries.mask())} {}

  void add_marker(std::uint32_t number) {
    const Marker& marker = canaries_.markers()[number];
    switch (marker.secret) {
      case Secret::client_address: return add_client_address(number, marker.bytes);
      case Secret::address:
      case Secret::message_id:
      case Secret::invite: return add_pieces(marker.secret, number, marker.bytes);
      case Secret::payload:
      case Secret::topic:
      case Secret::user_agent: return add(marker.secret, number, marker.bytes, everything_);
      case Secret::ciphertext: return add(marker.secret, number, marker.bytes, std::array{Notation{}});   // nobody writes it otherwise
      case Secret::session_key: return add_halves(number, marker.bytes);
    }
  }

  // The index's first two bytes are few values; the search then looks at the rest of it.
  void add_half_tags() {
    const Blocks& blocks = canaries_.pattern();
    const std::vector<Notation> binary = binary_notations(canaries_.mask());
    const View tag{blocks.tag()};
    const std::uint32_t last = canaries_.blocks() >> 16;
    for (std::uint32_t high = 0; high <= last; ++high) {
      Bytes end{tag.begin() + 4, tag.end()};
      end.push_back(static_cast<std::uint8_t>(high >> 8));
      end.push_back(static_cast<std::uint8_t>(high));
      add(Secret::payload, 0, end, binary, Piece::tag_end);
    }
    Bytes begin{blocks.lead().begin(), blocks.lead().end()};
    begin.insert(begin.end(), tag.begin(), tag.begin() + 4);
    add(Secret::payload, 0, begin, binary, Piece::tag_begin);
  }

  std::vector<Sought> take() { return std::move(all_); }

 private:
  void add(Secret secret, std::uint32_t marker, View bytes, std::span<const Notation> notations, Piece piece = Piece::whole) {
    for (const Notation& notation : notations) {
      Bytes text = notation.write(bytes);
      if (known_.emplace(text.begin(), text.end()).second) {
        all_.push_back({secret, marker, notation, piece, static_cast<std::uint8_t>(std::min(bytes.size(), std::size_t{255})),
                        std::move(text)});
      }
    }
  }

  void add_pieces(Secret secret, std::uint32_t marker, View bytes) {
    if (bytes.size() < 2 * piece_size) return add(secret, marker, bytes, everything_);
    for (std::size_t at = 0; at < bytes.size(); at += piece_size) {
      const View piece = bytes.subspan(std::min(at, bytes.size() - piece_size), piece_size);
      if (distinctive(piece)) add(secret, marker, piece, everything_);
    }
  }

  // Of what was freed, the beginning goes first.
  void add_halves(std::uint32_t marker, View bytes) {
    const std::size_t half = bytes.size() / 2;
    for (const View part : {bytes.first(half), bytes.subspan(half)}) add(Secret::session_key, marker, part, std::array{Notation{}});
  }

  void add_client_address(std::uint32_t marker, View bytes) {
    const Notation decimal{Form::decimal, 0, false};
    if (bytes.size() != 4 && bytes.size() != 16) return add(Secret::client_address, marker, bytes, {&decimal, 1});
    char text[INET6_ADDRSTRLEN] = {};
    const bool short_one = bytes.size() == 4;
    ::inet_ntop(short_one ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
    const std::string_view written{text};
    add(Secret::client_address, marker, Bytes(written.begin(), written.end()), {&decimal, 1});
    if (!short_one) {
      if (distinctive(bytes)) add(Secret::client_address, marker, bytes, everything_);
      return;
    }
    const Notation raw;
    Bytes mapped{0xff, 0xff};
    mapped.insert(mapped.end(), bytes.begin(), bytes.end());
    add(Secret::client_address, marker, mapped, {&raw, 1});
    Bytes padded{bytes.begin(), bytes.end()};
    padded.resize(12);   // struct sockaddr_in: eight zeros follow
    add(Secret::client_address, marker, padded, {&raw, 1});
  }

  const Canaries& canaries_;
  const std::vector<Notation> everything_;
  std::set<std::string> known_;
  std::vector<Sought> all_;
};

}  // namespace

std::vector<Sought> all_sought(const Canaries& canaries) {
  Collection collection{canaries};
  for (std::uint32_t number = 0; number < canaries.markers().size(); ++number) collection.add_marker(number);
  collection.add_half_tags();
  return collection.take();
}

}  // namespace lethe::audit

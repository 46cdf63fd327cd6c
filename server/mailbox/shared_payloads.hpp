#pragma once
// The payloads that several mailboxes hold, on their way to another process: each goes once, and is shared again there. On
// one side a number stands for the bytes, on the other the bytes for the number.
#include <cstdint>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include <lethe/mailbox/payload.hpp>

namespace lethe::mailbox {

class SharedPayloads {
 public:
  struct Numbered {
    std::uint32_t number = 0;   // counted from 0, in the order in which they are first met
    bool first = false;
  };
  // Leaving: the number of one that others hold, too. Nothing may change its holders meanwhile.
  std::optional<Numbered> number_of(const Payload& payload);

  // Arriving: keeps one more, with the next number.
  void keep(const Payload& payload) { kept_.push_back(payload.share(ShareKey{})); }
  std::uint32_t next_number() const noexcept { return static_cast<std::uint32_t>(kept_.size()); }
  // Nothing where there is none of that number.
  std::optional<Payload> again(std::uint32_t number) const;

 private:
  boost::unordered_flat_map<const void*, std::uint32_t> numbers_;
  std::vector<Payload> kept_;
};

}  // namespace lethe::mailbox

#pragma once
// One pass over the text of a JSON message before it is parsed: bounds its nesting and its values and finds the payload, so
// that the payload is never copied by the parser. It judges nothing else: what it passes may still not be JSON.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>

namespace lethe::wire {

struct TextScan {
  enum class Verdict : std::uint8_t { fine, too_deep, too_many, not_json };
  Verdict verdict = Verdict::fine;
  bool has_payload = false;            // the top-level field "payload" is there and holds a string
  bool payload_is_base64url = false;   // by its letters and length; the bits behind the last byte are not looked at
  unsigned payload_fields = 0;         // fields with that name, whatever they hold
  std::span<const char> payload;       // what stands between the quotes of the first such string
  std::span<const char> letters;       // the same without escapes: \u0051 is a way to write Q
};

// What a text may be; the outer object counts as 1 in both.
struct TextBounds {
  unsigned depth = 8;
  std::size_t values = 1'000;   // of all objects and lists, counted by what separates and opens them
};

// Where there is a second "payload" its characters
// are overwritten in `text`, which keeps them too from being copied: such a message is refused anyway. Where the payload has
// escapes, its letters move together in `text`.
TextScan scan_text(std::span<char> text, TextBounds bounds) noexcept;

// Reads a text as if the characters of its payload were not there: "payload":"…" becomes "payload":"".
class AroundPayload {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  AroundPayload() noexcept = default;
  // `at` does not stand within `payload`.
  AroundPayload(const char* at, std::span<const char> payload) noexcept
      : at_{at}, gap_{payload.data()}, gap_end_{payload.data() + payload.size()} {}

  reference operator*() const noexcept { return *at_; }
  AroundPayload& operator++() noexcept {
    if (++at_ == gap_) at_ = gap_end_;
    return *this;
  }
  AroundPayload operator++(int) noexcept {
    AroundPayload before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const AroundPayload& a, const AroundPayload& b) noexcept { return a.at_ == b.at_; }

 private:
  const char* at_ = nullptr;
  const char* gap_ = nullptr;
  const char* gap_end_ = nullptr;
};

}  // namespace lethe::wire

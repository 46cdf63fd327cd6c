#include "mailbox/lane.hpp"

namespace lethe::mailbox {

std::uint32_t Lane::first_undelivered(const EnvelopePool& pool) const noexcept {
  std::uint32_t entry = head;
  while (entry != kNone && pool[entry].delivered != 0) entry = after(pool, entry);
  return entry;
}

void Lane::append(EnvelopePool& pool, std::uint32_t entry) noexcept {
  if (empty()) {
    Envelope& only = pool[entry];
    head = only.next = only.previous = entry;
    return;
  }
  insert_before(pool, entry, head);
}

void Lane::put_back(EnvelopePool& pool, std::uint32_t entry) noexcept {
  const Seq seq = pool[entry].seq;
  std::uint32_t before = head;
  while (before != kNone && pool[before].delivered != 0 && pool[before].seq < seq) before = after(pool, before);
  if (before == kNone) {
    append(pool, entry);
    return;
  }
  insert_before(pool, entry, before);
  if (before == head) head = entry;
}

void Lane::remove(EnvelopePool& pool, std::uint32_t entry) noexcept {
  Envelope& gone = pool[entry];
  if (gone.next == entry) {
    head = kNone;
  } else {
    pool[gone.previous].next = gone.next;
    pool[gone.next].previous = gone.previous;
    if (head == entry) head = gone.next;
  }
  gone.next = gone.previous = kNone;
}

void Lane::insert_before(EnvelopePool& pool, std::uint32_t entry, std::uint32_t before) noexcept {
  Envelope& added = pool[entry];
  Envelope& next = pool[before];
  added.next = before;
  added.previous = next.previous;
  pool[next.previous].next = entry;
  next.previous = entry;
}

}  // namespace lethe::mailbox

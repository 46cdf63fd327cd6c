#pragma once
// What one thread of the relay has for another: everything that comes up within a turn of its loop crosses in one bag, in order.
// Alone, each would cost a lock, a handler and, where the other thread waits, a system call to wake it.
//
// One thread's; it and the io_contexts outlive what was posted. What a burden holds is overwritten when it is gone: its memory is
// the heap's (base/heap.hpp).
#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "net/stack_scrub.hpp"

namespace lethe::net {

class Burden {
 public:
  virtual ~Burden() = default;
  // On the thread that it was carried to; `self` is this, and may be carried on.
  virtual void deliver(std::unique_ptr<Burden> self) = 0;
};

class Courier {
 public:
  Courier(unsigned index, boost::asio::io_context& context, StackScrub& stack) noexcept : index_{index}, context_{context}, stack_{stack} {}
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  // To the thread of `to`, which is another one's. On this one's thread.
  void carry(Courier& to, std::unique_ptr<Burden> burden);

 private:
  using Bag = std::vector<std::unique_ptr<Burden>>;
  void leave_for(Courier& to);
  void open(Bag bag);

  unsigned index_;
  boost::asio::io_context& context_;
  StackScrub& stack_;
  std::vector<Bag> bags_;   // by the index of whom they are for
};

}  // namespace lethe::net

#pragma once
// The relay that runs, as a program that is to take its place finds it: before a process is split, and long before it is shut in.
#include <memory>
#include <string>

#include <lethe/base/ids.hpp>

#include "base/descriptor.hpp"
#include "base/keyed_hash.hpp"

namespace lethe::ops {

struct Predecessor {
  Predecessor() = default;
  ~Predecessor();   // overwrites the key
  Predecessor(const Predecessor&) = delete;
  Predecessor& operator=(const Predecessor&) = delete;

  Descriptor connection;   // blocking, with a limit on how long it waits; it ends where every process has closed it
  Descriptor listener;     // the clients' socket
  Descriptor admin;        // of the admin pages; -1 where there are none
  Descriptor hand_over;    // where it listens for a successor
  Epoch epoch{};
  KeyedHash::Key hash{};
};

// Asks who listens at `name` (empty: nobody is asked). Null where nobody does, unless one is required. Throws std::runtime_error with one
// clear sentence: none is there, it is another user's, it can't be understood.
std::unique_ptr<Predecessor> find_predecessor(const std::string& name, bool required);

}  // namespace lethe::ops

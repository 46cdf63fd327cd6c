#pragma once
// One HTTP page from the relay's port (docs/protocol.md, «Beside the WebSocket»).
#include <string>

#include <lethe/client/error.hpp>
#include <lethe/client/options.hpp>

namespace lethe::client {

struct Page {
  unsigned status = 0;
  std::string body;  // at most 1 MiB
};

// Blocks for at most `patience`. Throws boost::system::system_error when the CA file can't be read.
Result<Page> fetch_page(const Endpoint& relay, const Trust& trust, const std::string& path, milliseconds patience);

}  // namespace lethe::client

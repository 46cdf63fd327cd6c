#pragma once
// The demo page (docs/demo.md): the files of clients/demo/dist as they were when this was compiled. Pure.
#include <boost/beast/http/span_body.hpp>
#include <string_view>

#include "net/upgrade.hpp"

namespace lethe::net {

struct DemoFile {
  std::string_view path;
  std::string_view type;      // of the content, for its header
  std::string_view content;   // lives as long as the program
};

// Where a device asks how much waits for it.
inline constexpr std::string_view demo_status_path = "/demo/status";

// nullptr where the page has no such file.
const DemoFile* find_demo_file(std::string_view path);

using FileResponse = http::response<http::span_body<const char>>;
// A response that ends the connection, with the headers that keep a page to itself. `content` lives until it is written.
FileResponse respond(const DemoFile& file, bool head);

}  // namespace lethe::net

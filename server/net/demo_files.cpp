#include "net/demo_files.hpp"

#include <algorithm>
#include <iterator>

namespace lethe::net {

// From the built page, by lethe_embed (server/CMakeLists.txt).
namespace embedded {
extern const std::string_view demo_page;
extern const std::string_view demo_script;
extern const std::string_view demo_style;
extern const std::string_view demo_icon;
}  // namespace embedded

namespace {

// Nothing but the page's own files, and the relay that it came from. libsodium, which seals, is WebAssembly: that much
// evaluation must be allowed, and it is not JavaScript's. Pictures that were received are blobs. Where the browser knows
// trusted types, no text can become markup or script.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

}  // namespace

const DemoFile* find_demo_file(std::string_view path) {
  static const DemoFile files[] = {
      {"/", "text/html; charset=utf-8", embedded::demo_page},
      {"/demo/demo.js", "text/javascript; charset=utf-8", embedded::demo_script},
      {"/demo/demo.css", "text/css; charset=utf-8", embedded::demo_style},
      {"/demo/icon.svg", "image/svg+xml", embedded::demo_icon},
  };
  const auto found = std::ranges::find(files, path, &DemoFile::path);
  return found == std::end(files) ? nullptr : found;
}

FileResponse respond(const DemoFile& file, bool head) {
  const auto text = [](std::string_view view) { return boost::beast::string_view{view.data(), view.size()}; };
  FileResponse response{http::status::ok, 11};
  response.set(http::field::content_type, text(file.type));
  response.set(http::field::cache_control, "no-store");
  response.set("Content-Security-Policy", text(policy));
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set("Referrer-Policy", "no-referrer");
  response.set("X-Content-Type-Options", "nosniff");
  response.keep_alive(false);
  response.content_length(file.content.size());
  if (!head) response.body() = {file.content.data(), file.content.size()};
  return response;
}

}  // namespace lethe::net

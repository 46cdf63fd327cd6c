#pragma once
// The pages of the relay's admin address.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lethe::audit {

// The body of `GET path` at 127.0.0.1:`port`; nothing where it doesn't answer 200 within some seconds, or the port
// is 0.
std::optional<std::string> admin_page(std::uint16_t port, std::string_view path);

// One sample without labels of a Prometheus text page (exposition format 0.0.4).
std::optional<double> sample(std::string_view page, std::string_view name);

}  // namespace lethe::audit

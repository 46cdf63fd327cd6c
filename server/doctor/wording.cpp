#include "doctor/wording.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace lethe::doctor {
namespace {

constexpr const char* service = "lethe.service, [Service]";

bool in_container(Place place) { return place == Place::docker || place == Place::podman; }

std::string run_of(Place place) { return place == Place::podman ? "podman run" : "docker run"; }

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes == unlimited) return "unlimited";
  constexpr std::array units{"bytes", "KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1'024) return std::to_string(bytes) + " bytes";
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1'024 && unit + 1 < units.size(); ++unit) size /= 1'024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), size < 100 && size != static_cast<double>(static_cast<int>(size)) ? "%.1f %s" : "%.0f %s", size, units[unit]);
  return text.data();
}

std::string_view name(Severity severity) noexcept {
  switch (severity) {
    case Severity::ok: return "ok";
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::breaks_promise: break;
  }
  return "breaks-promise";
}

Finding found(Severity severity, std::string_view check, std::string what, std::string why, Setting fix) {
  return {severity, check, std::move(what), std::move(why), std::move(fix.where), std::move(fix.line)};
}

Finding fine(std::string_view check, std::string what) { return found(Severity::ok, check, std::move(what), {}); }

Finding unseen(std::string_view check, std::string_view matter) {
  return found(Severity::note, check, std::string{matter} + " can't be seen from here.",
               "A container and a systemd unit hide it: ask the doctor as root on the host, too.");
}

Setting lock_limit_setting(Place place) {
  if (place == Place::systemd) return {service, "LimitMEMLOCK=infinity"};
  if (in_container(place)) return {run_of(place), "--ulimit memlock=-1:-1"};
  if (place == Place::kubernetes) return {"the node: a drop-in of containerd.service, [Service]", "LimitMEMLOCK=infinity"};
  return {"the shell that starts it, as root", "ulimit -l unlimited"};
}

Setting open_files_setting(Place place, std::uint64_t number) {
  const std::string text = std::to_string(number);
  if (place == Place::systemd) return {service, "LimitNOFILE=" + text};
  if (in_container(place)) return {run_of(place), "--ulimit nofile=" + text + ":" + text};
  if (place == Place::kubernetes) return {"the node: a drop-in of containerd.service, [Service]", "LimitNOFILE=" + text};
  return {"the shell that starts it, as root", "ulimit -n " + text};
}

Setting on_host(Place place, std::string line) {
  const bool elsewhere = in_container(place) || place == Place::kubernetes;
  return {elsewhere ? "the host, as root" : "here, as root", std::move(line)};
}

Setting in_configuration(std::string line) { return {"the configuration file", std::move(line)}; }

}  // namespace lethe::doctor

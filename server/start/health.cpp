#include "start/health.hpp"

#include <chrono>
#include <cstdio>
#include <string>

#include "net/ask_readiness.hpp"

namespace lethe::start {
namespace {

constexpr std::chrono::seconds patience{5};

int could_not_ask(const std::string& why) {
  std::fprintf(stderr, "lethe: health: %s\n", why.c_str());
  return 1;
}

}  // namespace

int tell_health(const std::optional<ops::Endpoint>& admin) {
  if (!admin) return could_not_ask("there are no admin pages to ask: admin is off");
  if (admin->port == 0) return could_not_ask("the port of the admin pages is not known: admin has port 0");
  const Result<net::Readiness> said = net::ask_readiness(admin->address, admin->port, patience);
  if (!said) return could_not_ask("no answer from the admin pages at port " + std::to_string(admin->port) + ": " + said.error().message());
  const std::string_view word = net::name(*said);
  std::printf("%.*s\n", static_cast<int>(word.size()), word.data());
  return *said == net::Readiness::draining ? 1 : 0;
}

}  // namespace lethe::start

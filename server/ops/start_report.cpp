#include "ops/start_report.hpp"

#include <sys/socket.h>

namespace lethe::ops {
namespace {

void say(int link, std::string_view text) noexcept { (void)::send(link, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT); }

}  // namespace

void report_started(int link) noexcept { say(link, {&started_mark, 1}); }

void report_failure(int link, std::string_view sentence) noexcept {
  say(link, {&failure_mark, 1});
  say(link, sentence.substr(0, longest_sentence));
}

}  // namespace lethe::ops

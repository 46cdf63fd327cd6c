// docs/lockdown.md repeats the tables of the code; this keeps the two equal.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lockdown/filter_rules.hpp"
#include "lockdown/probes.hpp"
#include "lockdown/step.hpp"

namespace lethe::lockdown {
namespace {

std::string page() {
  std::ifstream file{std::filesystem::path{__FILE__}.parent_path() / "../../../docs/lockdown.md"};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void expect_on_page(const std::string& text) {
  EXPECT_NE(page().find("\n" + text + "\n"), std::string::npos) << "docs/lockdown.md shall have:\n" << text;
}

std::string code(std::string_view text) { return '`' + std::string{text} + '`'; }

std::string allowed_table(std::span<const Allowed> calls) {
  std::string table = "| call | only if | for |\n|---|---|---|";
  for (const Allowed& call : calls) {
    table.append("\n| ").append(code(call.call)).append(" | ").append(call.condition);
    table.append(call.condition.empty() ? "| " : " | ").append(call.reason).append(" |");
  }
  return table;
}

TEST(LockdownPage, NamesTheAllowedCalls) { expect_on_page(allowed_table(allowed_calls())); }

TEST(LockdownPage, NamesTheCallsOfAStart) { expect_on_page(allowed_table(starting_calls())); }

TEST(LockdownPage, NamesTheRefusedCalls) {
  std::string table = "| answer | calls | why |\n|---|---|---|";
  for (const Refused& refused : refused_calls()) {
    const char* const answers[]{"`EACCES`", "`ENOSYS`", "the process ends"};
    table.append("\n| ").append(answers[static_cast<std::size_t>(refused.answer)]).append(" |");
    for (const char* const call : refused.calls) table.append(" ").append(code(call));
    table.append(" | ").append(refused.reason).append(" |");
  }
  expect_on_page(table);
}

TEST(LockdownPage, NamesTheStepsInTheirOrder) {
  const std::string text = page();
  std::size_t before = 0;
  for (unsigned step = 0; step <= static_cast<unsigned>(Step::self_test); ++step) {
    const std::string row = "\n| `" + std::string{name(static_cast<Step>(step))} + "` |";
    const std::size_t at = text.find(row);
    ASSERT_NE(at, std::string::npos) << row;
    EXPECT_GT(at, before) << row;
    before = at;
  }
}

TEST(LockdownPage, NamesTheProbes) {
  std::string list;
  for (const Probe& probe : probes()) list += (list.empty() ? "" : ", ") + code(probe.name);
  expect_on_page(list + ",");
}

}  // namespace
}  // namespace lethe::lockdown

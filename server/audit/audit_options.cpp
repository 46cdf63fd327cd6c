#include "audit/audit_options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>

namespace lethe::audit {
namespace {

constexpr const char* footer =
    "Exit status: 0 PASS, 1 FAIL, 3 INCONCLUSIVE, 2 a wrong command line or an audit that could not be run.\n"
    "What it needs root for, and what each probe looks at: docs/retention.md.";

std::optional<std::uint64_t> hexadecimal(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() > 16) return std::nullopt;
  return value;
}

struct Grammar {
  AuditOptions options;
  std::string seed;
  bool quick = false;
  CLI::App program{"Audits a lethe relay from outside: whether messages are forgotten.", "lethe-audit"};
  CLI::App* run = program.add_subcommand("run", "Run a relay, or look at a running one, and write a report");
  CLI::App* explain = program.add_subcommand("explain", "Say in plain words what a report means");
  CLI::App* verify = program.add_subcommand("verify", "Check a report's files against their digests");

  Grammar() {
    program.require_subcommand(1);
    program.footer(footer);
    program.set_version_flag("--version", std::string{"lethe-audit "} + LETHE_VERSION);
    auto* const binary = run->add_option("--binary", options.binary, "The relay's program; the one beside this program if not given");
    auto* const image = run->add_option("--image", options.image, "A container image (podman or docker), run without its engine");
    auto* const pid = run->add_option("--pid", options.pid, "A running relay; it is only looked at")->check(CLI::PositiveNumber);
    image->excludes(binary);
    pid->excludes(binary)->excludes(image);
    run->add_option("--seed", seed, "Up to 16 hex digits that all canaries are made of; random if not given");
    run->add_option("--report", options.report, "Directory to write the report to")->capture_default_str();
    auto* const quick_flag = run->add_flag("--quick", quick, "A few trials that cover each value once: minutes (default)");
    run->add_flag("--full", options.full, "Every trial, the soak and the blind trial: up to half an hour")->excludes(quick_flag);
    run->add_option("--controls", options.controls, "Directory of the programs with planted leaks, which prove the probes");
    run->footer("Flags after -- are the relay's own.");
    explain->add_option("REPORT", options.path, "A report.json, or the directory that it is in")->required();
    verify->add_option("DIR", options.path, "A report's directory")->required();
  }
};

}  // namespace

std::variant<AuditOptions, Leave> read_options(std::span<const std::string> words) {
  const auto split = std::ranges::find(words, "--");
  Grammar grammar;
  try {
    std::vector<std::string> reversed{words.begin(), split};   // as CLI11 wants them
    std::ranges::reverse(reversed);
    grammar.program.parse(std::move(reversed));
  } catch (const CLI::Success& asked) {
    std::ostringstream text;
    grammar.program.exit(asked, text, text);
    return Leave{text.str(), 0};
  } catch (const CLI::ParseError& wrong) {
    return Leave{std::string{"lethe-audit: "} + wrong.what() + "\n", 2};
  }
  AuditOptions options = std::move(grammar.options);
  if (grammar.explain->parsed()) options.verb = Verb::explain;
  if (grammar.verify->parsed()) options.verb = Verb::verify;
  if (split != words.end()) options.flags.assign(split + 1, words.end());
  if (!options.flags.empty() && options.verb != Verb::run) return Leave{"lethe-audit: flags after -- belong to «run»\n", 2};
  if (!options.flags.empty() && options.pid != 0) return Leave{"lethe-audit: a running relay takes no flags any more\n", 2};
  if (!grammar.seed.empty()) {
    options.seed = hexadecimal(grammar.seed);
    if (!options.seed) return Leave{"lethe-audit: --seed takes up to 16 hex digits\n", 2};
  }
  return options;
}

}  // namespace lethe::audit

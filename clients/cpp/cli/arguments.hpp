#pragma once
// Arguments that several commands have.
#include <optional>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Option.hpp>

#include <lethe/client/options.hpp>

namespace lethe::cli {

// Throws CLI::ValidationError: `90`, `30s`, `15m`, `12h`, `7d`, `2w`.
seconds parse_duration(const std::string& text);

// --key FILE.
class KeyArgument {
 public:
  void add_to(CLI::App& app);
  const std::string& path() const { return path_; }
  // The key, or nothing after a sentence on stderr.
  std::optional<client::Identity> load() const;
  // The same, but a file that does not exist is no complaint unless it was named; `failed` tells the one from the other.
  std::optional<client::Identity> load_if_there(bool& failed) const;

 private:
  std::string path_;
  CLI::Option* option_ = nullptr;
};

// How to reach and whom to believe: --ca, --pin, --insecure, --plain, --tls12, --bind,
// --relay-name, --admission, --encoding.
class ConnectionArguments {
 public:
  void add_to(CLI::App& app);
  // Fills in relay, trust, encoding and admission; what a link or relay reference says is overridden by arguments.
  // False after a sentence on stderr.
  bool apply(client::Options& options) const;

 private:
  std::string ca_, pin_, relay_name_, admission_, encoding_ = "binary";
  bool insecure_ = false, plain_ = false, tls12_ = false, bind_ = false;
};

}  // namespace lethe::cli

#pragma once
// The commands of lethe-cli. Each adds its arguments to the program's and leaves what to run in `run`.
#include <functional>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace lethe::cli {

using Run = std::function<int()>;

void add_keygen(CLI::App& app, Run& run);
void add_address(CLI::App& app, Run& run);
void add_invite(CLI::App& app, Run& run);
void add_send(CLI::App& app, Run& run);
void add_listen(CLI::App& app, Run& run);
void add_status(CLI::App& app, Run& run);

// One line on stderr.
void complain(const std::string& what);
void complain(const std::string& what, const std::string& why);

}  // namespace lethe::cli

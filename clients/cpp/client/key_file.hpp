#pragma once
// The key of a device on disk: one line, `lethe-key-1 <seed, base64url>`, mode 0600.
#include <string>

#include <lethe/client/identity.hpp>

namespace lethe::client {

// $LETHE_KEY, or lethe/key in $XDG_CONFIG_HOME, or ~/.config/lethe/key.
std::string default_key_path();

// Creates missing directories (mode 0700). Error::key_exists rather than overwrite anything.
error_code write_key_file(const std::string& path, const Identity& identity);

// Error::key_exposed when anyone but the owner may read or write the file; Error::bad_key when it holds no key.
Result<Identity> read_key_file(const std::string& path);

}  // namespace lethe::client

#include "client/key_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>

#include <lethe/client/base64url.hpp>

#include "client/file.hpp"

namespace lethe::client {

namespace {
constexpr std::string_view heading = "lethe-key-1 ";

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

error_code make_parents(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  if (parent.empty()) return {};
  std::filesystem::path made;
  for (const auto& step : parent) {
    made /= step;
    if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR && errno != EROFS) return last_system_error();
  }
  return {};
}
}  // namespace

std::string default_key_path() {
  if (const auto path = environment("LETHE_KEY"); !path.empty()) return path;
  if (const auto base = environment("XDG_CONFIG_HOME"); !base.empty()) return base + "/lethe/key";
  return environment("HOME") + "/.config/lethe/key";
}

error_code write_key_file(const std::string& path, const Identity& identity) {
  if (const auto failure = make_parents(path)) return failure;
  auto file = File::open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file) return file.error() == boost::system::errc::file_exists ? make_error_code(Error::key_exists) : file.error();
  auto seed = to_base64url(identity.seed());
  Bytes line;
  for (const std::string_view text : {heading, std::string_view(seed), std::string_view("\n")}) {
    line.insert(line.end(), text.begin(), text.end());
  }
  wipe_memory(seed.data(), seed.size());
  if (const auto failure = file->append(line)) return failure;
  return file->sync();
}

Result<Identity> read_key_file(const std::string& path) {
  const auto file = File::open(path, O_RDONLY);
  if (!file) return file.error();
  struct stat status {};
  if (::fstat(file->descriptor(), &status) != 0) return last_system_error();
  if ((status.st_mode & 077) != 0) return Error::key_exposed;
  Bytes bytes(128);
  const auto size = file->read_at(bytes, 0);
  if (!size) return size.error();
  auto text = as_text(ByteView(bytes).first(*size));
  if (!text.starts_with(heading)) return Error::bad_key;
  text.remove_prefix(heading.size());
  text = text.substr(0, text.find_last_not_of("\r\n ") + 1);
  const auto seed = from_base64url(text);
  if (!seed) return Error::bad_key;
  return Identity::from_seed(*seed);
}

}  // namespace lethe::client

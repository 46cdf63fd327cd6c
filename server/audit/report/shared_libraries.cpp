#include "audit/report/shared_libraries.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <stdexcept>

#include "audit/report/digest.hpp"
#include "audit/report/elf_binary.hpp"

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;

std::optional<ElfBinary> read_elf(const std::string& path) {
  std::error_code none;
  if (!fs::is_regular_file(path, none)) return std::nullopt;
  try {
    return parse_elf(read_file(path));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::vector<std::string> configured_directories(const std::string& root) {
  std::set<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator{root + "/etc/ld.so.conf.d", none}) files.insert(entry.path());
  std::vector<std::string> directories;
  for (const auto& path : files) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      if (!line.empty() && line.front() == '/') directories.push_back(line);
    }
  }
  return directories;
}

// The rest of the way that a library is looked for, with a root in front.
class LibraryPath {
 public:
  LibraryPath(std::string root, std::uint16_t machine) : root_(std::move(root)), machine_(machine) {
    directories_ = configured_directories(root_);
    for (const auto* standard : {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu",
                                 "/usr/lib/aarch64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"}) {
      directories_.emplace_back(standard);
    }
  }

  // The path within the root, links resolved; empty: not found.
  std::string find(const std::string& name, const std::vector<std::string>& runpath, const std::string& origin) const {
    if (name.find('/') != std::string::npos) return accepted(name);
    for (auto directory : runpath) {
      if (directory.rfind("$ORIGIN", 0) == 0) directory.replace(0, 7, origin);
      if (auto path = accepted(directory + "/" + name); !path.empty()) return path;
    }
    for (const auto& directory : directories_) {
      if (auto path = accepted(directory + "/" + name); !path.empty()) return path;
    }
    return {};
  }

 private:
  std::string accepted(const std::string& path) const {
    std::error_code failed;
    const auto real = fs::canonical(root_ + path, failed).string();
    const bool inside = !failed && real.rfind(real_root(), 0) == 0;
    if (!inside) return {};
    const auto elf = read_elf(real);
    return elf && elf->machine == machine_ ? real.substr(real_root().size()) : std::string{};
  }

  std::string real_root() const {
    std::error_code none;
    return root_.empty() ? std::string{} : fs::canonical(root_, none).string();
  }

  std::string root_;
  std::uint16_t machine_;
  std::vector<std::string> directories_;
};

struct Wanted {
  std::string name;
  std::vector<std::string> runpath;
  std::string origin;
};

}  // namespace

LinkedProgram read_linked_program(const ProgramFile& program) {
  LinkedProgram linked;
  const auto elf = read_elf(program.path);
  if (!elf) return linked;
  linked.readable = true;
  linked.needed = elf->needed;
  const LibraryPath library_path{program.root, elf->machine};
  std::deque<Wanted> wanted;
  const auto want = [&wanted](const ElfBinary& of, const std::string& path) {
    for (const auto& name : of.needed) wanted.push_back({name, of.runpath, fs::path{path}.parent_path().string()});
  };
  want(*elf, program.path);
  if (!elf->interpreter.empty()) wanted.push_back({elf->interpreter, {}, {}});
  std::set<std::string> seen;
  for (; !wanted.empty(); wanted.pop_front()) {
    SharedLibrary library{fs::path{wanted.front().name}.filename().string(), {}, {}};
    if (!seen.insert(library.name).second) continue;
    library.path = library_path.find(wanted.front().name, wanted.front().runpath, wanted.front().origin);
    if (const auto inner = library.path.empty() ? std::nullopt : read_elf(program.root + library.path)) {
      library.needed = inner->needed;
      want(*inner, library.path);
    }
    linked.libraries.push_back(std::move(library));
  }
  return linked;
}

}  // namespace lethe::audit

#pragma once
// The shared libraries that a program would load, found as ld.so(8) looks for them, without running it.
#include <string>
#include <vector>

namespace lethe::audit {

// Where the audited program can be read: a file, and the root of the file system it runs in (an image's; empty: this one).
struct ProgramFile {
  std::string path;
  std::string root;
};

struct SharedLibrary {
  std::string name;                   // as it was asked for: libssl.so.3
  std::string path;                   // within the root, links resolved; empty: not found
  std::vector<std::string> needed;    // names of those that it asks for itself
};

struct LinkedProgram {
  bool readable = false;              // it is a file of a kind that parse_elf knows
  std::vector<std::string> needed;
  std::vector<SharedLibrary> libraries;   // all, those of libraries included, and the loader; each once, in the order found
};

// Looks into the run path, the directories of /etc/ld.so.conf.d, and the standard ones; LD_LIBRARY_PATH and libraries that a
// program loads later by itself (dlopen) are not known here.
LinkedProgram read_linked_program(const ProgramFile& program);

}  // namespace lethe::audit

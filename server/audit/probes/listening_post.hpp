#pragma once
// Local sockets that a program might talk to, played by the auditor: the system log (/dev/log, or what journald offers) and an
// abstract one. Anything that comes is counted and thrown away.
#include <cstdint>
#include <string>
#include <vector>

namespace lethe::audit {

class ListeningPost {
 public:
  ListeningPost() = default;
  ~ListeningPost() { close(); }
  ListeningPost(const ListeningPost&) = delete;
  ListeningPost& operator=(const ListeningPost&) = delete;

  static constexpr const char* abstract_name = "lethe-audit-log";
  // Where journald has its sockets; a root of a relay's own needs such a directory.
  static constexpr const char* journal = "/run/systemd/journal";
  // Empty where every socket stands; else why not. A /dev/log that isn't there is made and taken away again at the end; one
  // that is served by journald is covered by a mount in the auditor's own mount namespace.
  // `root`: of the relay, where it has one of its own: shown there, too.
  std::string open(const std::string& root);
  void close();
  // Messages that have come since `open`.
  std::uint64_t received();

 private:
  bool bind_path(const std::string& path);
  bool bind_abstract();

  std::vector<int> sockets_;
  std::vector<std::string> made_;      // paths to take away
  std::vector<std::string> covered_;   // directories under mounts of ours
  std::uint64_t received_ = 0;
};

}  // namespace lethe::audit

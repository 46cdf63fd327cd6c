#pragma once
// The transfers that were received whole, on disk: a file of 16-byte ids, oldest first.
#include <deque>
#include <set>
#include <string>

#include <lethe/client/sealed.hpp>

#include "client/file.hpp"

namespace lethe::client {

// Keeps the last `most` to twice as many. A torn id at the end (a crash while it was written) is dropped.
class FinishedTransfers {
 public:
  static constexpr std::size_t most = 8'192;

  static Result<FinishedTransfers> open(const std::string& path);

  bool contains(const TransferId& id) const { return ids_.contains(id); }
  // On the disk when it returns.
  error_code add(const TransferId& id);

 private:
  error_code rewrite();

  std::string path_;
  File file_;
  std::set<TransferId> ids_;
  std::deque<TransferId> order_;
};

}  // namespace lethe::client

#include "client/inbox.hpp"

#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>

namespace lethe::client {

namespace fs = std::filesystem;

Inbox::Inbox(std::string directory, const InboxLimits& limits, FinishedTransfers finished)
    : directory_(std::move(directory)), state_(directory_ + "/.lethe"), limits_(limits), finished_(std::move(finished)) {}

Result<Inbox> Inbox::open(const std::string& directory, const InboxLimits& limits) {
  const auto state = directory + "/.lethe";
  std::error_code failed;
  fs::create_directories(state, failed);
  if (failed) return error_code(failed.value(), boost::system::system_category());
  fs::permissions(state, fs::perms::owner_all, failed);
  auto lock = File::open(state + "/lock", O_RDWR | O_CREAT);
  if (!lock) return lock.error();
  if (::flock(lock->descriptor(), LOCK_EX | LOCK_NB) != 0) return Error::busy;
  auto finished = FinishedTransfers::open(state + "/finished");
  if (!finished) return finished.error();
  Inbox inbox(directory, limits, std::move(*finished));
  inbox.lock_ = std::move(*lock);
  if (const auto failure = inbox.recover()) return failure;
  return inbox;
}

error_code Inbox::recover() {
  std::vector<std::pair<TransferId, bool>> found;  // and whether it is stale
  std::error_code failed;
  const auto oldest = fs::file_time_type::clock::now() - limits_.patience;
  for (fs::directory_iterator entry(state_, failed), end; !failed && entry != end; entry.increment(failed)) {
    const auto transfer = transfer_of_index(entry->path().filename().string());
    std::error_code ignored;
    if (transfer) found.emplace_back(*transfer, entry->last_write_time(ignored) < oldest);
  }
  if (failed) return {failed.value(), boost::system::system_category()};
  for (const auto& [transfer, stale] : found) {
    auto partial = PartialFile::load(state_, transfer);
    if (!partial) continue;
    if (stale && !partial->is_whole()) {
      partial->remove();
      continue;
    }
    auto& kept = partial_.emplace(transfer, std::move(*partial)).first->second;
    if (!kept.is_whole()) continue;
    const auto done = complete(kept);
    if (!done) return done.error();
    if (done->status == Status::complete) recovered_.push_back(done->path);
  }
  return {};
}

Result<Inbox::Accepted> Inbox::accept(const Part& part) {
  if (finished_.contains(part.transfer)) return Accepted{Status::duplicate, {}, {}};
  if (part.kind != Kind::file) return Accepted{Status::rejected, {}, Error::bad_contents};
  if (part.total > limits_.file_bytes) return Accepted{Status::rejected, {}, Error::too_large};
  auto found = partial_.find(part.transfer);
  if (found == partial_.end()) {
    if (partial_.size() >= limits_.unfinished) return Accepted{Status::rejected, {}, Error::too_large};
    auto partial = PartialFile::open(state_, part);
    if (!partial) return partial.error();
    found = partial_.emplace(part.transfer, std::move(*partial)).first;
  }
  auto& partial = found->second;
  if (!partial.belongs(part)) return Accepted{Status::rejected, {}, Error::bad_contents};
  const bool known = partial.has(part.index);
  if (!partial.is_whole()) {
    if (const auto failure = partial.add(part)) return failure;
  }
  if (partial.is_whole()) return complete(partial);
  return Accepted{known ? Status::duplicate : Status::stored, {}, {}};
}

// Order matters: the file gets its name, then the transfer is remembered, then the index goes. A kill in between leaves an
// index without a part file (published), or a remembered transfer with a needless index.
Result<Inbox::Accepted> Inbox::complete(PartialFile& partial) {
  const auto transfer = partial.whole().transfer;
  Accepted accepted{Status::complete, {}, {}};
  if (partial.was_published()) {
    accepted.status = Status::duplicate;
  } else {
    if (const auto failure = partial.verify()) {
      if (failure != Error::bad_contents) return failure;
      partial.remove();
      partial_.erase(transfer);
      return Accepted{Status::rejected, {}, failure};
    }
    auto path = partial.publish(directory_);
    if (!path) return path.error();
    accepted.path = std::move(*path);
  }
  if (const auto failure = finished_.add(transfer)) return failure;
  partial.remove_index();
  partial_.erase(transfer);
  return accepted;
}

}  // namespace lethe::client

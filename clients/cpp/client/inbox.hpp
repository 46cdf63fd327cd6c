#pragma once
// Puts arriving files together in a directory, so that each is there whole, once, whatever happens in between: a kill, a
// power cut, a part that comes twice, an acknowledgement that got lost. What accept() took may be acknowledged.
//
//   DIR/<name>                     finished files, mode 0600; nothing is ever overwritten
//   DIR/.lethe/<transfer>.part     bytes of an unfinished one      DIR/.lethe/<transfer>.index    which parts are in
//   DIR/.lethe/finished            the transfers received last     DIR/.lethe/lock                one process at a time
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "client/finished_transfers.hpp"
#include "client/partial_file.hpp"

namespace lethe::client {

struct InboxLimits {
  std::uint64_t file_bytes = 4'294'967'296;  // of one file (4 GiB); larger: rejected
  std::size_t unfinished = 64;               // files arriving at a time; more: rejected
  std::chrono::hours patience{24 * 30};      // unfinished files untouched for so long are removed by open()
};

class Inbox {
 public:
  enum class Status {
    stored,     // the part is on the disk, others are missing
    complete,   // the file is whole: see path
    duplicate,  // was here before
    rejected,   // can't be used, and will never be: see reason
  };
  struct Accepted {
    Status status = Status::stored;
    std::string path;
    error_code reason;
  };

  // Creates the directory if need be. Publishes what is whole already (see recovered()). Error::busy when another process
  // has it.
  static Result<Inbox> open(const std::string& directory, const InboxLimits& limits = {});

  // The part of a file (Kind::file). An error means that the disk failed: do not acknowledge.
  Result<Accepted> accept(const Part& part);

  // For what is kept elsewhere, such as texts: whether it was finished, and that it is now.
  bool was_finished(const TransferId& transfer) const { return finished_.contains(transfer); }
  error_code remember(const TransferId& transfer) { return finished_.add(transfer); }

  // Paths of files that a former process had whole but not published.
  const std::vector<std::string>& recovered() const noexcept { return recovered_; }
  std::size_t unfinished() const noexcept { return partial_.size(); }

 private:
  Inbox(std::string directory, const InboxLimits& limits, FinishedTransfers finished);
  error_code recover();
  Result<Accepted> complete(PartialFile& partial);

  std::string directory_, state_;
  InboxLimits limits_;
  File lock_;
  FinishedTransfers finished_;
  std::map<TransferId, PartialFile> partial_;
  std::vector<std::string> recovered_;
};

}  // namespace lethe::client

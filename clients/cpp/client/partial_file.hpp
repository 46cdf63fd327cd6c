#pragma once
// A file that is arriving: `<transfer>.part` with its bytes in their places, and `<transfer>.index`, which says what the
// whole is and which parts are in. The index names a part only after the part's bytes are on the disk.
#include <optional>
#include <set>
#include <string>

#include <lethe/client/sealed.hpp>

#include "client/file.hpp"

namespace lethe::client {

class PartialFile {
 public:
  // Creates both files in `directory`, or continues with those that a former process left there.
  static Result<PartialFile> open(const std::string& directory, const Part& part);
  // The one with this index file; Error::bad_contents when it can't be used (then both files are removed).
  static Result<PartialFile> load(const std::string& directory, const TransferId& transfer);

  const Part& whole() const noexcept { return description_; }  // without bytes
  bool belongs(const Part& part) const noexcept;
  bool has(std::uint32_t index) const { return parts_.contains(index); }
  bool is_whole() const noexcept { return parts_.size() == description_.count; }
  // Published by a process that was killed before it could say so.
  bool was_published() const noexcept { return !file_.is_open(); }

  // On the disk when it returns; a part that is in already changes nothing. Precondition: belongs(part).
  error_code add(const Part& part);

  // Error::bad_contents when the bytes do not have the hash that the sender gave. Precondition: is_whole().
  error_code verify() const;

  // Moves the file into `directory` under a name like whole().name that nothing has there yet; gives that path.
  Result<std::string> publish(const std::string& directory);

  void remove_index();
  void remove();

 private:
  PartialFile(std::string directory, const TransferId& transfer);
  error_code create(const Part& part);
  error_code read_index();

  std::string directory_, part_path_, index_path_;
  Part description_;
  File file_, index_;
  std::set<std::uint32_t> parts_;
};

// The transfer that an index file of that name belongs to, if it is one.
std::optional<TransferId> transfer_of_index(const std::string& file_name);

}  // namespace lethe::client

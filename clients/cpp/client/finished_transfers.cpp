#include "client/finished_transfers.hpp"

#include <cstdio>

#include <fcntl.h>

namespace lethe::client {

Result<FinishedTransfers> FinishedTransfers::open(const std::string& path) {
  FinishedTransfers finished;
  finished.path_ = path;
  auto file = File::open(path, O_RDWR | O_CREAT | O_APPEND);
  if (!file) return file.error();
  const auto size = file->size();
  if (!size) return size.error();
  Bytes bytes(static_cast<std::size_t>(*size));
  const auto got = file->read_at(bytes, 0);
  if (!got) return got.error();
  finished.file_ = std::move(*file);
  for (std::size_t at = 0; at + TransferId::size <= *got; at += TransferId::size) {
    const auto id = TransferId::from(ByteView(bytes).subspan(at, TransferId::size));
    if (finished.ids_.insert(id).second) finished.order_.push_back(id);
  }
  const bool torn = *got % TransferId::size != 0;
  if (torn || finished.order_.size() > most) {
    if (const auto failure = finished.rewrite()) return failure;
  }
  return finished;
}

error_code FinishedTransfers::add(const TransferId& id) {
  if (contains(id)) return {};
  if (const auto failure = file_.append(id.bytes)) return failure;
  if (const auto failure = file_.sync()) return failure;
  ids_.insert(id);
  order_.push_back(id);
  return order_.size() > 2 * most ? rewrite() : error_code();
}

// A new file takes the old one's place when it is whole on the disk.
error_code FinishedTransfers::rewrite() {
  while (order_.size() > most) {
    ids_.erase(order_.front());
    order_.pop_front();
  }
  const auto fresh = path_ + ".new";
  auto file = File::open(fresh, O_RDWR | O_CREAT | O_TRUNC | O_APPEND);
  if (!file) return file.error();
  Bytes bytes;
  for (const auto& id : order_) bytes.insert(bytes.end(), id.bytes.begin(), id.bytes.end());
  if (const auto failure = file->append(bytes)) return failure;
  if (const auto failure = file->sync()) return failure;
  if (std::rename(fresh.c_str(), path_.c_str()) != 0) return last_system_error();
  file_ = std::move(*file);
  return {};
}

}  // namespace lethe::client

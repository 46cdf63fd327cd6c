#include "audit/probes/memory_scan.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "audit/canary/stream_search.hpp"

namespace lethe::audit {
namespace {

constexpr std::size_t page_size = 4'096;
constexpr std::size_t part_pages = 256;
// Bits of an entry of /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst).
constexpr std::uint64_t present_or_swapped = std::uint64_t{3} << 62;

class ProcessFile {
 public:
  ProcessFile(pid_t process, const char* file)
      : descriptor_{::open(("/proc/" + std::to_string(process) + "/" + file).c_str(), O_RDONLY | O_CLOEXEC)} {}
  ~ProcessFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  ProcessFile(const ProcessFile&) = delete;
  ProcessFile& operator=(const ProcessFile&) = delete;

  bool open() const noexcept { return descriptor_ >= 0; }
  // How many bytes from `offset` on could be read.
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t count =
          ::pread(descriptor_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      if (count <= 0) break;
      done += static_cast<std::size_t>(count);
    }
    return done;
  }

 private:
  int descriptor_;
};

class Scanner {
 public:
  Scanner(pid_t process, const Search& search, std::size_t limit)
      : process_{process}, limit_{limit}, memory_{process, "mem"}, pages_{process, "pagemap"},
        stream_{search, [this](const Hit& hit) { take(hit); }} {
    result_.mappings = memory_map(process);
    result_.refused = !memory_.open() || result_.mappings.empty();
  }

  MemoryScan run() {
    if (result_.refused) return std::move(result_);
    for (Mapping& mapping : result_.mappings) read(mapping);
    stream_.finish();
    drop_vanished();
    return std::move(result_);
  }

 private:
  void read(Mapping& mapping) {
    for (std::uint64_t from = mapping.begin; from < mapping.end; from += part_pages * page_size) {
      const std::size_t pages =
          std::min<std::size_t>(part_pages, static_cast<std::size_t>((mapping.end - from) / page_size));
      std::array<std::uint64_t, part_pages> entries{};
      const std::span<std::uint8_t> raw{reinterpret_cast<std::uint8_t*>(entries.data()), pages * sizeof entries[0]};
      // A page of a shared mapping may hold bytes that this process has not mapped yet.
      const bool all = mapping.shared() || pages_.read(from / page_size * sizeof entries[0], raw) != raw.size();
      if (all) entries.fill(present_or_swapped);
      for (std::size_t page = 0; page < pages;) {
        std::size_t end = page;
        while (end < pages && (entries[end] & present_or_swapped) != 0) ++end;
        if (end > page) read(mapping, from + page * page_size, (end - page) * page_size);
        for (page = end; page < pages && (entries[page] & present_or_swapped) == 0; ++page) result_.absent += page_size;
      }
    }
  }

  void read(Mapping& mapping, std::uint64_t from, std::size_t size) {
    for (std::size_t done = 0; done < size;) {
      const std::span<std::uint8_t> part{buffer_.data(), size - done};
      const std::size_t count = memory_.read(from + done, part);
      stream_.add(from + done, part.first(count));
      result_.read += count;
      done += count;
      if (done == size) break;
      mapping.unreadable += page_size;
      done = (done / page_size + 1) * page_size;
    }
  }

  void take(const Hit& found) {
    if (result_.hits.size() == limit_) {
      result_.cut = true;
      return;
    }
    while (found.offset >= result_.mappings[current_].end) ++current_;
    Hit hit = found;
    hit.offset -= result_.mappings[current_].begin;
    result_.hits.push_back({hit, current_});
  }

  // What was unmapped in the meantime can't be read, and that means nothing.
  void drop_vanished() {
    const std::vector<Mapping> now = memory_map(process_);
    for (Mapping& mapping : result_.mappings) {
      const bool there =
          std::ranges::any_of(now, [&](const Mapping& one) { return one.begin < mapping.end && mapping.begin < one.end; });
      if (!there) mapping.unreadable = 0;
      result_.unreadable += mapping.unreadable;
    }
  }

  const pid_t process_;
  const std::size_t limit_;
  ProcessFile memory_;
  ProcessFile pages_;
  MemoryScan result_;
  StreamSearch stream_;
  std::size_t current_ = 0;   // the mapping of the last hit
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(part_pages * page_size);
};

}  // namespace

MemoryScan scan_memory(pid_t process, const Search& search, std::size_t limit) {
  return Scanner{process, search, limit}.run();
}

}  // namespace lethe::audit

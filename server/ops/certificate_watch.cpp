#include "ops/certificate_watch.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace lethe::ops {
namespace {

constexpr std::uint32_t changes = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB;

std::uint64_t nanoseconds(const timespec& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace

CertificateWatch::CertificateWatch(const TlsConfig& tls, const std::vector<std::string>& directories, Clock::time_point now)
    : due_{now + period} {
  if (tls.certificate.empty()) return;
  files_ = {tls.certificate, tls.key};
  marks_ = look();
  events_ = Descriptor{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
  for (const std::string& directory : directories) (void)::inotify_add_watch(events_.get(), directory.c_str(), changes | IN_ONLYDIR);
}

std::array<CertificateWatch::Mark, 2> CertificateWatch::look() const {
  std::array<Mark, 2> marks{};
  for (std::size_t i = 0; i < files_.size(); ++i) {
    struct stat status{};
    if (::stat(files_[i].c_str(), &status) != 0) continue;
    marks[i] = {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
  }
  return marks;
}

void CertificateWatch::hear(Clock::time_point now) {
  alignas(inotify_event) std::array<char, 4'096> heard{};
  bool any = false;
  while (::read(events_.get(), heard.data(), heard.size()) > 0) any = true;
  if (!any) return;
  if (!first_) first_ = now;
  due_ = std::min<Clock::time_point>(now + quiet, *first_ + patience);
}

int CertificateWatch::wait(Clock::time_point now) const noexcept {
  if (files_.empty()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(due_ - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::chrono::milliseconds{period}.count()));
}

bool CertificateWatch::changed(Clock::time_point now) {
  if (files_.empty() || now < due_) return false;
  const auto before = marks_;
  seen();
  due_ = now + period;
  return marks_ != before;
}

void CertificateWatch::seen() {
  if (files_.empty()) return;
  marks_ = look();
  first_.reset();
}

}  // namespace lethe::ops

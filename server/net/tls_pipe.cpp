#include "net/tls_pipe.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include <lethe/base/wipe.hpp>

#include "base/check.hpp"
#include "base/mutation.hpp"
#include "net/record_buffers.hpp"
#include "net/scratch.hpp"

namespace lethe::net {
namespace {

namespace failure = boost::asio::error;

error_code last_system_error() {
  if (errno == EAGAIN || errno == EWOULDBLOCK) return failure::would_block;
  return {errno, boost::system::system_category()};
}

// SSL_get_error looks at the thread's queue of errors. Emptying it costs more than a look at whether it is empty.
void forget_errors() {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

}  // namespace

// OpenSSL's side of a pipe: reads come from the socket, writes go to the thread's scratch.
struct PipeBio {
  static TlsPipe& pipe(BIO* bio) { return *static_cast<TlsPipe*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* to, int size) {
    BIO_clear_retry_flags(bio);
    const long got = pipe(bio).receive(to, static_cast<std::size_t>(size));
    if (got > 0) pipe(bio).came({reinterpret_cast<const std::uint8_t*>(to), static_cast<std::size_t>(got)});
    record_buffers::used_up_to(to + std::max(got, 0L));
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_read(bio);
    return static_cast<int>(got);
  }

  static int write(BIO* bio, const char* from, int size) {
    auto& out = pipe(bio).scratch_->ciphertext();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(from);
    out.insert(out.end(), bytes, bytes + size);
    record_buffers::used_up_to(from + size);
    return size;
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static BIO_METHOD* method() {
    static BIO_METHOD* const made = [] {
      BIO_METHOD* fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lethe pipe");
      BIO_meth_set_read(fresh, read);
      BIO_meth_set_write(fresh, write);
      BIO_meth_set_ctrl(fresh, control);
      return fresh;
    }();
    return made;
  }
};

void TlsPipe::Free::operator()(SSL* ssl) const noexcept { SSL_free(ssl); }

long TlsPipe::receive(void* to, std::size_t size) noexcept {
  errno = EAGAIN;
  if (exhausted_) return -1;
  const ssize_t got = ::recv(socket_, to, size, MSG_DONTWAIT);
  // The end of the stream is not less: it is there to be read again.
  exhausted_ = got > 0 ? !ended_ && got < static_cast<ssize_t>(size) : got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  return got;
}

TlsPipe::TlsPipe(int socket, SSL_CTX* context, ScratchPool& scratch) : socket_{socket}, scratch_{&scratch} {
  if (context == nullptr) return;
  ssl_.reset(SSL_new(context));
  BIO* bio = BIO_new(PipeBio::method());
  LETHE_CHECK(ssl_ && bio != nullptr);
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
}

TlsPipe::~TlsPipe() { drop_waiting(); }

void TlsPipe::move_to(ScratchPool& scratch) noexcept {
  LETHE_CHECK(scratch_->ciphertext().empty());
  scratch_ = &scratch;
}

error_code TlsPipe::outcome_of(int result) {
  const int kind = SSL_get_error(ssl_.get(), result);
  if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) return failure::would_block;
  failed_ = kind == SSL_ERROR_SSL || kind == SSL_ERROR_SYSCALL;
  const unsigned long reason = ERR_get_error();
  forget_errors();
  if (kind == SSL_ERROR_ZERO_RETURN || (kind == SSL_ERROR_SYSCALL && reason == 0)) return failure::eof;
  return {static_cast<int>(ERR_GET_REASON(reason)), boost::system::generic_category()};
}

error_code TlsPipe::handshake() {
  if (!ssl_) return {};
  if (blocked()) {
    if (const error_code error = flush()) return error;
  }
  forget_errors();
  const int result = SSL_accept(ssl_.get());
  const error_code outcome = result == 1 ? error_code{} : outcome_of(result);
  const error_code sent = push_out();
  return sent && sent != failure::would_block ? sent : outcome;
}

// A record that is read whole, and was alone in OpenSSL's buffer, goes back with it to the record buffers, which overwrite what
// was used. Only where something stays must OpenSSL do it: asked to, it overwrites all of the buffer each time that it gives one
// back, too (a tenth of the relay's processor time with small messages).
void TlsPipe::cleanse_what_is_read(bool cleanse) noexcept {
  if (std::exchange(cleanses_, cleanse) == cleanse) return;
  if (cleanse) SSL_set_options(ssl_.get(), SSL_OP_CLEANSE_PLAINTEXT);
  else SSL_clear_options(ssl_.get(), SSL_OP_CLEANSE_PLAINTEXT);
}

// While OpenSSL reads to `room_` bytes. RFC 8446, 5.1: a record is a head of 5 bytes, which ends with the length of the rest.
void TlsPipe::came(Part ciphertext) noexcept {
  constexpr std::size_t head = 5;
  const std::size_t size = ciphertext.size();
  const bool whole = size >= head && size == head + (std::size_t{ciphertext[3]} << 8 | ciphertext[4]);
  alone_ = std::exchange(empty_, false) && whole;
  if (!alone_ || size > room_) cleanse_what_is_read(true);
}

TlsPipe::Moved TlsPipe::read(std::span<std::uint8_t> to) {
  if (!ssl_) {
    const long got = receive(to.data(), to.size());
    if (got > 0) return {static_cast<std::size_t>(got), {}};
    return {0, got == 0 ? error_code{failure::eof} : last_system_error()};
  }
  Moved moved;
  forget_errors();
  while (moved.bytes < to.size()) {
    const bool begun = SSL_has_pending(ssl_.get()) != 0;
    // OpenSSL takes a buffer before it asks the socket.
    if (exhausted_ && !begun) {
      moved.error = failure::would_block;
      break;
    }
    std::size_t got = 0;
    const std::span<std::uint8_t> room = to.subspan(moved.bytes);
    empty_ = !begun;
    room_ = room.size();
    cleanse_what_is_read(begun && !(alone_ && static_cast<std::size_t>(SSL_pending(ssl_.get())) <= room.size()));
    const int result = SSL_read_ex(ssl_.get(), room.data(), room.size(), &got);
    if (result != 1) {
      moved.error = outcome_of(result);
      break;
    }
    moved.bytes += got;
  }
  // A key update or an alert may have to leave.
  const error_code sent = push_out();
  if (moved.bytes > 0) moved.error = {};
  else if (sent && sent != failure::would_block) moved.error = sent;
  return moved;
}

void TlsPipe::encrypt(Part part) {
  std::size_t written = 0;
  while (!failed_ && !part.empty()) {
    const int result = SSL_write_ex(ssl_.get(), part.data(), part.size(), &written);
    if (result != 1) {
      outcome_of(result);
      failed_ = true;
      return;
    }
    part = part.subspan(written);
  }
}

// A frame's head moves to where its message is.
bool TlsPipe::join(std::span<const Part> parts, std::span<std::uint8_t> lead) {
  const bool adjoins = parts.size() == 2 && parts[1].data() == lead.data() + lead.size() && parts[0].size() <= lead.size();
  if (!adjoins) return false;
  const std::span<std::uint8_t> head = lead.last(parts[0].size());
  std::ranges::copy(parts[0], head.begin());
  encrypt(Part{head.data(), head.size() + parts[1].size()});
  return true;
}

// Fills whole TLS records: the head of a message and its frame header share one; long runs are not copied.
void TlsPipe::gather(std::span<const Part> parts) {
  const std::span<std::uint8_t> record = scratch_->gather();
  std::size_t filled = 0;
  std::size_t dirty = 0;
  for (Part part : parts) {
    while (!part.empty()) {
      if (filled == 0 && part.size() >= record.size()) {
        encrypt(part.first(record.size()));
        part = part.subspan(record.size());
        continue;
      }
      const std::size_t count = std::min(record.size() - filled, part.size());
      std::memcpy(record.data() + filled, part.data(), count);
      filled += count;
      dirty = std::max(dirty, filled);
      part = part.subspan(count);
      if (filled < record.size()) continue;
      encrypt(record);
      filled = 0;
    }
  }
  if (filled > 0) encrypt(record.first(filled));
  if (LETHE_KEEP(gather_wipe)) wipe(record.first(dirty));
}

TlsPipe::Moved TlsPipe::write(std::span<const Part> parts) {
  if (failed_) return {0, failure::broken_pipe};
  std::size_t total = 0;
  for (const Part part : parts) total += part.size();
  forget_errors();
  const std::span<std::uint8_t> lead = std::exchange(lead_, {});
  if (ssl_) {
    if (!join(parts, lead)) gather(parts);
  } else {
    auto& out = scratch_->ciphertext();
    for (const Part part : parts) out.insert(out.end(), part.begin(), part.end());
  }
  if (failed_) return {0, failure::broken_pipe};
  if (corked_) return {total, {}};
  const error_code sent = uncork();
  return {sent ? 0 : total, sent};
}

std::size_t TlsPipe::corked() const noexcept { return scratch_->ciphertext().size(); }

error_code TlsPipe::uncork() {
  corked_ = false;
  const error_code sent = push_out();
  return sent == failure::would_block ? error_code{} : sent;
}

error_code TlsPipe::keep_waiting(Part rest) {
  while (!scratch_->budget().charge(rest.size(), Stay::held)) {
    if (!scratch_->relieve()) return failure::no_buffer_space;
  }
  waiting_.insert(waiting_.end(), rest.begin(), rest.end());
  return failure::would_block;
}

// Sends what OpenSSL has written to the scratch and leaves the scratch empty, whatever happens.
error_code TlsPipe::push_out() {
  auto& out = scratch_->ciphertext();
  if (out.empty()) return {};
  error_code result;
  std::size_t sent = 0;
  while (!blocked() && sent < out.size() && !result) {
    const ssize_t count = ::send(socket_, out.data() + sent, out.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) sent += static_cast<std::size_t>(count);
    else if (errno != EINTR) result = last_system_error();
  }
  sent_ += sent;
  if (sent < out.size() && (!result || result == failure::would_block)) result = keep_waiting(Part{out}.subspan(sent));
  if (LETHE_KEEP(ciphertext_wipe)) wipe(std::span{out});
  out.clear();
  if (result && result != failure::would_block) failed_ = true;
  return result;
}

void TlsPipe::cut() noexcept {
  socket_ = -1;
  failed_ = true;
  drop_waiting();
}

error_code TlsPipe::flush() {
  if (socket_ < 0) return failure::bad_descriptor;
  while (waiting_sent_ < waiting_.size()) {
    const ssize_t count = ::send(socket_, waiting_.data() + waiting_sent_, waiting_.size() - waiting_sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const error_code error = last_system_error();
      if (error != failure::would_block) failed_ = true;
      return error;
    }
    // What is gone is overwritten at once: the rest may wait for long.
    if (LETHE_KEEP(waiting_wipe)) wipe(std::span{waiting_}.subspan(waiting_sent_, static_cast<std::size_t>(count)));
    waiting_sent_ += static_cast<std::size_t>(count);
    sent_ += static_cast<std::size_t>(count);
  }
  drop_waiting();
  return {};
}

void TlsPipe::drop_waiting() noexcept {
  if (waiting_.empty()) return;
  scratch_->budget().refund(waiting_.size());
  if (LETHE_KEEP(waiting_wipe)) wipe(std::span{waiting_});
  std::vector<std::uint8_t>{}.swap(waiting_);
  waiting_sent_ = 0;
}

void TlsPipe::shut_down() {
  if (!ssl_ || failed_ || blocked() || SSL_in_init(ssl_.get())) return;
  forget_errors();
  SSL_shutdown(ssl_.get());
  forget_errors();
  push_out();
}

bool TlsPipe::exporter(std::span<std::uint8_t, 32> out) const {
  static constexpr char label[] = "EXPORTER-Channel-Binding";
  static constexpr unsigned char no_context[1] = {0};
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  return ssl_ && SSL_export_keying_material(ssl_.get(), out.data(), out.size(), label, sizeof label - 1, no_context, 0, 1) == 1;
}

}  // namespace lethe::net

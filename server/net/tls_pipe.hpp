#pragma once
// TLS over one non-blocking socket, step by step and without waiting: what can be done now is done, the rest is
// `would_block`. OpenSSL reads ciphertext straight from the socket and writes it to the thread's scratch, from which one
// `send` a batch leaves; what the socket doesn't take waits in a buffer of this connection (charged to the transit budget).
// Without a TLS context it is a plain socket with the same interface, for use behind a TLS-terminating proxy.
//
// Stock asio::ssl::stream keeps about 70 KiB a connection; this keeps what an idle SSL object keeps (about 13 KiB).
#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <lethe/base/result.hpp>

namespace lethe::net {

class ScratchPool;

class TlsPipe {
 public:
  struct Moved {
    std::size_t bytes = 0;
    error_code error;         // would_block: nothing now; eof: the peer has closed
  };
  using Part = std::span<const std::uint8_t>;

  // `socket`: a connected, non-blocking descriptor that outlives this; `context` null: plain.
  TlsPipe(int socket, SSL_CTX* context, ScratchPool& scratch);
  ~TlsPipe();
  TlsPipe(const TlsPipe&) = delete;
  TlsPipe& operator=(const TlsPipe&) = delete;

  bool encrypted() const noexcept { return ssl_ != nullptr; }
  // One step of the server's handshake; no error once it is done.
  error_code handshake();
  // Fills `to` as far as there is something now. Once the socket has given less than it was asked for (epoll(7): it is
  // exhausted), it is not asked again before `readable`. Precondition: not empty.
  Moved read(std::span<std::uint8_t> to);
  // The socket was waited for since then. Once its peer has `ended`, only the end itself exhausts it.
  void readable(bool ended) noexcept {
    exhausted_ = false;
    ended_ = ended;
  }
  // In the next `write`, a first part that fits may be moved to `room` where the second one follows directly: nothing else
  // need be copied then.
  void lead(std::span<std::uint8_t> room) noexcept { lead_ = room; }
  // Takes all of `parts`, encrypted and on their way or waiting in this connection, behind what waits there already.
  Moved write(std::span<const Part> parts);
  // From here to `uncork`, which must come within the same event, what is written stays in the thread's scratch: one
  // `send` for all of it. Bytes that are there.
  void cork() noexcept { corked_ = true; }
  std::size_t corked() const noexcept;
  // As `write`: would_block is none of its errors.
  error_code uncork();
  // Output is waiting for the socket.
  bool blocked() const noexcept { return !waiting_.empty(); }
  // Bytes that wait for the socket.
  std::size_t waiting() const noexcept { return waiting_.size() - waiting_sent_; }
  // Bytes that have left through the socket.
  std::uint64_t sent() const noexcept { return sent_; }
  // Sends what waits; would_block where not all of it could go.
  error_code flush();
  // Sends close_notify, as far as the socket takes it.
  void shut_down();
  // The descriptor is closed: every step from here on fails, for its number may be another connection's by now. What waited
  // is overwritten and its memory given back.
  void cut() noexcept;
  // RFC 9266's exporter (tls-exporter); all zero, and false, without TLS.
  bool exporter(std::span<std::uint8_t, 32> out) const;
  // The session has moved to another thread, whose scratch is another.
  void move_to(ScratchPool& scratch) noexcept;

 private:
  struct Free {
    void operator()(SSL* ssl) const noexcept;
  };
  friend struct PipeBio;
  void encrypt(Part part);
  // recv(2) without waiting; EAGAIN where it is exhausted.
  long receive(void* to, std::size_t size) noexcept;
  void cleanse_what_is_read(bool cleanse) noexcept;
  void came(Part ciphertext) noexcept;
  bool join(std::span<const Part> parts, std::span<std::uint8_t> lead);
  void gather(std::span<const Part> parts);
  error_code push_out();
  error_code outcome_of(int result);
  error_code keep_waiting(Part rest);
  void drop_waiting() noexcept;

  int socket_;
  ScratchPool* scratch_;
  std::unique_ptr<SSL, Free> ssl_;
  std::vector<std::uint8_t> waiting_;
  std::size_t waiting_sent_ = 0;
  std::uint64_t sent_ = 0;
  bool failed_ = false;
  bool exhausted_ = false;
  bool ended_ = false;
  bool cleanses_ = false;       // SSL_OP_CLEANSE_PLAINTEXT, as it is set
  bool empty_ = false;          // OpenSSL's buffer, as it begins to read
  bool alone_ = false;          // the record in it: nothing stands behind it
  std::size_t room_ = 0;        // for what OpenSSL is reading, while it is
  std::span<std::uint8_t> lead_;
  bool corked_ = false;
};

}  // namespace lethe::net

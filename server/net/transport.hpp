#pragma once
// The stream under Beast: an Asio AsyncStream over a TlsPipe, of which writing is a SyncStream as well.
//
// - A read overwrites its destination first, all of the free part of Beast's buffer: what Beast keeps of the last message
//   there is gone whenever the connection waits. The session's own memory, which it overwrites itself, is exempt (`own`).
// - Taking leave overwrites both: what was read of a message that is wrong or too long is gone while the peer takes its time.
// - A write is over when its bytes are encrypted; what the socket doesn't take waits in the pipe. The next async_write_some
//   (or async_flush) waits for that; write_some, which never waits, adds to it, so its caller looks at `blocked` before.
// - One read, one write and one flush at a time; all calls on the session's thread; `move_to` between operations.
#include <sys/socket.h>

#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <functional>

#include <lethe/base/wipe.hpp>

#include "base/descriptor.hpp"
#include "base/mutation.hpp"
#include "net/executor.hpp"
#include "net/scratch.hpp"
#include "net/tls_pipe.hpp"
#include "net/watch.hpp"

namespace lethe::net {

class Transport {
 public:
  using executor_type = Executor;
  // `socket`: connected and non-blocking.
  Transport(Descriptor socket, Readiness& readiness, SSL_CTX* context, ScratchPool& scratch)
      : socket_{std::move(socket)}, watch_{readiness, socket_.get()}, scratch_{&scratch}, pipe_{socket_.get(), context, scratch} {}

  executor_type get_executor() noexcept { return watch_.executor(); }
  TlsPipe& pipe() noexcept { return pipe_; }
  const TlsPipe& pipe() const noexcept { return pipe_; }
  bool is_open() const noexcept { return socket_.get() >= 0; }
  // The peer reads an end of file behind what it was sent.
  void shut_down_sending() noexcept { ::shutdown(socket_.get(), SHUT_WR); }
  bool blocked() const noexcept { return pipe_.blocked(); }
  // Whether it has said goodbye: all that the peer says now is thrown away.
  bool leaving() const noexcept { return leaving_; }
  // Whether an operation is under way.
  bool busy() const noexcept { return under_way_ > 0; }
  // Memory that the session itself overwrites after use. Nothing but reads writes to it while a read is under way.
  void own(std::span<std::uint8_t> memory) noexcept { own_ = memory; }
  // From here on, every other read goes to one buffer that lives as long as this stream.
  void remember_reads() noexcept { remembers_ = true; }
  // Ends every operation with an error, those that begin later too. The descriptor is closed, and what was read overwritten.
  void close() noexcept {
    watch_.close();
    socket_.reset();
    pipe_.cut();
    forget_reads();
  }
  // Goes on under another thread. Precondition: no operation is under way.
  void move_to(Readiness& readiness, ScratchPool& scratch) noexcept;

  // Overwrites what was read, by Beast's buffer as by `own`: nobody reads on.
  void forget_reads() noexcept;

  template <class Token>
  auto async_handshake(Token&& token) {
    ++under_way_;
    return asio::async_compose<Token, void(error_code)>(HandshakeOp{*this}, token, get_executor());
  }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const std::span<std::uint8_t> to = make_ready(buffers);
    ++under_way_;
    return asio::async_compose<Token, void(error_code, std::size_t)>(ReadOp{*this, to}, token, get_executor());
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    ++under_way_;
    return asio::async_compose<Token, void(error_code, std::size_t)>(WriteOp{*this, Parts{buffers}}, token, get_executor());
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, error_code& error) {
    const Parts parts{buffers};
    const TlsPipe::Moved moved = pipe_.write(parts.all());
    scratch_->stack().due(get_executor());
    error = moved.error;
    return moved.bytes;
  }
  // Beast asks whether there are these, and the session calls none of them.
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers);
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers);
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, error_code& error);
  // Completes when nothing waits in the pipe any more.
  template <class Token>
  auto async_flush(Token&& token) {
    ++under_way_;
    return asio::async_compose<Token, void(error_code)>(FlushOp{*this}, token, get_executor());
  }
  // Says goodbye and reads until the peer does, so that the last words are not cut off by a reset.
  template <class Token>
  auto async_goodbye(Token&& token) {
    ++under_way_;
    return asio::async_compose<Token, void(error_code)>(GoodbyeOp{*this}, token, get_executor());
  }

 private:
  // As many of a sequence's buffers as there is room for.
  class Parts {
   public:
    template <class Buffers>
    explicit Parts(const Buffers& buffers) {
      for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers) && count_ < parts_.size(); ++it) {
        const asio::const_buffer part = *it;
        if (part.size() > 0) parts_[count_++] = {static_cast<const std::uint8_t*>(part.data()), part.size()};
      }
    }
    std::span<const TlsPipe::Part> all() const noexcept { return std::span{parts_}.first(count_); }

   private:
    std::array<TlsPipe::Part, 8> parts_{};
    std::size_t count_ = 0;
  };
  struct HandshakeOp {
    Transport& transport;
    bool started = false;
    template <class Self>
    void operator()(Self& self, error_code error = {});
  };
  struct ReadOp {
    Transport& transport;
    std::span<std::uint8_t> to;
    enum class State { fresh, waiting, done } state = State::fresh;
    TlsPipe::Moved moved{};
    template <class Self>
    void operator()(Self& self, error_code error = {});
  };
  struct WriteOp {
    Transport& transport;
    Parts parts;
    bool done = false;
    TlsPipe::Moved moved{};
    template <class Self>
    void operator()(Self& self, error_code error = {});
  };
  struct FlushOp {
    Transport& transport;
    bool waited = false;
    template <class Self>
    void operator()(Self& self, error_code error = {});
  };
  struct GoodbyeOp {
    Transport& transport;
    bool started = false;
    template <class Self>
    void operator()(Self& self, error_code error = {});
  };

  template <class Self, class... Results>
  void finish(Self& self, Results... results) {
    --under_way_;   // before the handler, which may be the end of this
    self.complete(results...);
  }
  // Overwrites where a read may go, and returns the part where it does go.
  template <class Buffers>
  std::span<std::uint8_t> make_ready(const Buffers& buffers) {
    std::span<std::uint8_t> first;
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) {
      const asio::mutable_buffer buffer = *it;
      const std::span<std::uint8_t> part{static_cast<std::uint8_t*>(buffer.data()), buffer.size()};
      if (part.empty()) continue;
      if (first.empty()) first = part;
      if (!within(part, own_)) clear(part);
    }
    return first;
  }
  void clear(std::span<std::uint8_t> part) noexcept;
  void clear_control(TlsPipe::Part part) const noexcept;
  static bool within(std::span<const std::uint8_t> part, std::span<const std::uint8_t> whole) noexcept {
    const std::less_equal<const std::uint8_t*> at_most;
    return at_most(whole.data(), part.data()) && at_most(part.data() + part.size(), whole.data() + whole.size());
  }

  Descriptor socket_;
  Watch watch_;
  ScratchPool* scratch_;
  TlsPipe pipe_;
  std::span<std::uint8_t> own_;
  std::span<std::uint8_t> read_to_;   // of the reads that it remembers, from the lowest byte to the highest
  bool remembers_ = false;
  bool leaving_ = false;
  unsigned under_way_ = 0;
};

// Beast's customisation points.
void teardown(boost::beast::role_type role, Transport& transport, error_code& error);
void beast_close_socket(Transport& transport);
template <class Token>
void async_teardown(boost::beast::role_type, Transport& transport, Token&& token) {
  transport.async_goodbye(std::forward<Token>(token));
}


// The steps of the operations: each tries first and waits only where nothing can be done now. A result that is there at once
// is posted, because an initiating function must not call its handler.

template <class Self>
void Transport::HandshakeOp::operator()(Self& self, error_code error) {
  if (error) return transport.finish(self, error);
  transport.pipe_.readable(transport.watch_.ended());
  const error_code step = transport.pipe_.handshake();
  if (step == asio::error::would_block || !started) {
    started = true;
    const auto event = transport.blocked() ? Watch::Event::writable : Watch::Event::readable;
    if (step == asio::error::would_block) return transport.watch_.wait(event, std::move(self));
    return asio::post(transport.get_executor(), [&at = transport, self = std::move(self), step]() mutable { at.finish(self, step); });
  }
  transport.finish(self, step);
}

template <class Self>
void Transport::ReadOp::operator()(Self& self, error_code error) {
  if (state == State::done) return transport.finish(self, moved.error, moved.bytes);
  if (error) return transport.finish(self, error, 0);
  if (state == State::waiting) transport.pipe_.readable(transport.watch_.ended());
  if (to.empty()) moved = {};
  else moved = transport.pipe_.read(to);
  if (moved.bytes > 0) transport.scratch_->stack().due(transport.get_executor());
  if (moved.error == asio::error::would_block) {
    state = State::waiting;
    return transport.watch_.wait(Watch::Event::readable, std::move(self));
  }
  if (state == State::waiting) return transport.finish(self, moved.error, moved.bytes);
  state = State::done;
  asio::post(transport.get_executor(), std::move(self));
}

template <class Self>
void Transport::WriteOp::operator()(Self& self, error_code error) {
  if (done) return transport.finish(self, moved.error, moved.bytes);
  if (error) return transport.finish(self, error, 0);
  if (transport.blocked()) {
    const error_code flushed = transport.pipe_.flush();
    if (flushed == asio::error::would_block) return transport.watch_.wait(Watch::Event::writable, std::move(self));
    if (flushed) moved.error = flushed;
  }
  if (!moved.error) moved = transport.pipe_.write(parts.all());
  transport.scratch_->stack().due(transport.get_executor());
  if (!parts.all().empty()) transport.clear_control(parts.all().back());
  done = true;
  asio::post(transport.get_executor(), std::move(self));
}

template <class Self>
void Transport::FlushOp::operator()(Self& self, error_code error) {
  if (error) return transport.finish(self, error);
  const error_code flushed = transport.pipe_.flush();
  if (flushed != asio::error::would_block && waited) return transport.finish(self, flushed);
  waited = true;
  if (flushed == asio::error::would_block) return transport.watch_.wait(Watch::Event::writable, std::move(self));
  asio::post(transport.get_executor(), std::move(self));
}

template <class Self>
void Transport::GoodbyeOp::operator()(Self& self, error_code error) {
  if (!started) {
    started = true;
    transport.leaving_ = true;
    transport.forget_reads();
    transport.pipe_.shut_down();
    transport.shut_down_sending();
    return asio::post(transport.get_executor(), std::move(self));
  }
  // A peer that goes on talking gets its turns like everyone; the session's deadline ends it.
  __attribute__((uninitialized)) std::array<std::uint8_t, 4'096> discarded;
  if (!error) {
    transport.pipe_.readable(transport.watch_.ended());
    const TlsPipe::Moved moved = transport.pipe_.read(discarded);
    if (LETHE_KEEP(goodbye_wipe)) wipe(std::span{discarded}.first(moved.bytes));
    transport.scratch_->stack().due(transport.get_executor());
    error = moved.error;
  }
  if (!error) return asio::post(transport.get_executor(), std::move(self));
  if (error == asio::error::would_block) return transport.watch_.wait(Watch::Event::readable, std::move(self));
  transport.finish(self, error == asio::error::eof ? error_code{} : error);
}

}  // namespace lethe::net

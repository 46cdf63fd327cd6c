#pragma once
// The types of the I/O edge: one concrete executor, so that nothing is type-erased on the message path, and one completion
// token, so that no I/O path throws.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include <lethe/base/time.hpp>

namespace lethe::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using SteadyTimer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

template <class T>
using Task = asio::awaitable<T, Executor>;

// Completes with a tuple whose first element is the error code.
inline constexpr auto use_task = asio::as_tuple_t<asio::use_awaitable_t<Executor>>{};

// Reads both clocks: the only place where the relay asks for the time.
inline Instant clock_now() noexcept {
  return {std::chrono::time_point_cast<milliseconds>(std::chrono::steady_clock::now()),
          std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now())};
}

}  // namespace lethe::net

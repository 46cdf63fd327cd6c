#pragma once
// The operator's listener: plain HTTP, loopback by default, GET only.
//   /healthz  200 while the process runs
//   /readyz   200 while it takes connections («degraded» where protections are missing), 503 while it drains
//   /metrics  Prometheus text
#include <boost/asio/basic_socket_acceptor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/executor.hpp"
#include "net/upgrade.hpp"

namespace lethe::net {

enum class Readiness { ready, degraded, draining };
// As the page says it.
std::string_view name(Readiness readiness) noexcept;

struct AdminPages {
  std::function<Readiness()> readiness;
  std::function<std::string()> metrics;
};

// The answer to one request. Pure but for the pages.
Response answer_admin(const Request& request, const AdminPages& pages);
// What an answer to /readyz says; absent where it is none.
std::optional<Readiness> readiness_of(const Response& page);

class Admin {
 public:
  Admin(asio::io_context& front, AdminPages pages) : front_{front}, pages_{std::move(pages)}, acceptor_{front} {}

  // Binds, and returns the port. Throws std::runtime_error. `inherited`: as with Relay::listen.
  std::uint16_t listen(const std::string& address, std::uint16_t port, int inherited = -1);
  // Serves from now on, where it listens.
  void serve();
  // -1 where it doesn't listen.
  int listener() noexcept { return acceptor_.is_open() ? acceptor_.native_handle() : -1; }
  void close();

 private:
  // One connection, with its deadline.
  struct Visit {
    explicit Visit(Socket connection) : socket{std::move(connection)}, deadline{socket.get_executor()} {}
    Socket socket;
    SteadyTimer deadline;
  };
  static Task<void> accept(Admin& admin);
  static Task<void> serve(Admin& admin, std::shared_ptr<Visit> visit);
  static Task<void> limit(std::shared_ptr<Visit> visit);
  static constexpr std::chrono::seconds patience{10};

  asio::io_context& front_;
  AdminPages pages_;
  asio::basic_socket_acceptor<tcp, Executor> acceptor_;
};

}  // namespace lethe::net

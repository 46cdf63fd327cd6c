#include "net/transport.hpp"

#include "base/check.hpp"

namespace lethe::net {

void Transport::move_to(asio::io_context& context, ScratchPool& scratch) {
  error_code error;
  const auto protocol = socket_.local_endpoint(error).protocol();
  const int descriptor = socket_.release(error);
  LETHE_CHECK(!error);
  socket_ = Socket{context, protocol, descriptor};
  pipe_.move_to(socket_.native_handle(), scratch);
}

void teardown(boost::beast::role_type, Transport& transport, error_code& error) {
  transport.pipe().shut_down();
  transport.socket().shutdown(Socket::shutdown_send, error);
}

void beast_close_socket(Transport& transport) { transport.close(); }

}  // namespace lethe::net

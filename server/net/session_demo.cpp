// What a session answers where the demo is on: the page's files, and how much waits in the mailbox of who asks. The rules of
// session_io.cpp hold here, too.
#include <boost/beast/http/write.hpp>

#include "identity/status_proof.hpp"
#include "net/demo_files.hpp"
#include "net/session.hpp"

namespace lethe::net {

// The goodbye may take its time: what was asked is not kept as long.
Task<void> Session::answer_demo(std::optional<Request>& request, UpgradeDecision decision) {
  const bool head = request->method() == http::verb::head;
  std::optional<Address> owner;
  if (decision.kind == UpgradeDecision::Kind::demo_status) owner = owner_of(*request);
  request.reset();
  if (decision.kind == UpgradeDecision::Kind::demo_file) co_await answer_file(*decision.file, head);
  else co_await answer_status(owner);
}

Task<void> Session::answer_file(const DemoFile& file, bool head) {
  FileResponse response = respond(file, head);
  Transport& stream = transport();
  auto written = co_await http::async_write(stream, response, use_task);
  if (!std::get<0>(written)) co_await take_leave();
}

// Who has proved to be the device that the request speaks of.
std::optional<Address> Session::owner_of(const Request& request) const {
  const auto proof = request[http::field::authorization];
  const RelayContext& relay = worker_->relay();
  return identity::verify_status_proof(std::string_view{proof.data(), proof.size()}, relay.options.name, now().wall);
}

Task<void> Session::answer_status(std::optional<Address> owner) {
  if (!owner) {
    const Refused refused{401, "This takes a fresh proof of the mailbox's key."};
    co_await refuse(refused);
    co_return;
  }
  reader_wake_.emplace(worker_->executor());
  worker_->mailboxes().count_waiting(*owner, [asker = weak_from_this()](const mailbox::Waiting& waiting) {
    const auto session = asker.lock();
    if (!session) return;
    session->waiting_ = waiting;
    session->reader_wake_->call();
  });
  if (!waiting_) co_await reader_wake_->async_wait(use_task);
  if (!waiting_ || aborted_) co_return;
  Response response{http::status::ok, 11};
  response.set(http::field::content_type, "application/json");
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  response.keep_alive(false);
  response.body() = "{\"messages\":" + std::to_string(waiting_->messages) + ",\"bytes\":" + std::to_string(waiting_->bytes) + "}\n";
  response.prepare_payload();
  co_await reply(std::move(response));
}

}  // namespace lethe::net

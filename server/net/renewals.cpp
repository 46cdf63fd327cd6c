#include "net/renewals.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>

#include <lethe/base/wipe.hpp>

namespace lethe::net {

Renewals::Renewals(asio::io_context& front, Relay& relay, int descriptor)
    : front_{front}, relay_{relay}, socket_{front, asio::local::stream_protocol{}, descriptor} {}

void Renewals::start() { asio::co_spawn(front_, serve(*this), asio::detached); }

Task<void> Renewals::serve(Renewals& renewals) {
  for (;;) {
    const bool received = co_await receive(renewals);
    if (!received) co_return;
    renewals.hand_over();
  }
}

Task<bool> Renewals::receive(Renewals& renewals) {
  RenewalHeader& header = renewals.header_;
  const asio::mutable_buffer beginning{&header, sizeof header};
  auto got = co_await asio::async_read(renewals.socket_, beginning, use_task);
  if (std::get<0>(got)) co_return false;
  if (header.certificate > longest_certificate || header.key > longest_key) co_return false;
  if (header.settings != 0 && header.settings != sizeof(Settings)) co_return false;
  renewals.pem_.resize(header.certificate + header.key);
  const std::array<asio::mutable_buffer, 2> rest{asio::buffer(renewals.pem_), asio::buffer(&renewals.settings_, header.settings)};
  auto read = co_await asio::async_read(renewals.socket_, rest, use_task);
  co_return !std::get<0>(read);
}

void Renewals::hand_over() {
  const std::string_view all{pem_.data(), pem_.size()};
  if (!all.empty()) relay_.renew(std::string{all.substr(0, header_.certificate)}, std::string{all.substr(header_.certificate)});
  wipe(std::span{pem_});
  pem_ = {};
  if (header_.settings != 0) relay_.adopt(settings_);
}

}  // namespace lethe::net

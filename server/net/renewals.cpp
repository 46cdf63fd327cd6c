#include "net/renewals.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>

#include <lethe/base/wipe.hpp>

#include "base/renewal.hpp"

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
  RenewalHeader header;
  const asio::mutable_buffer beginning{&header, sizeof header};
  auto got = co_await asio::async_read(renewals.socket_, beginning, use_task);
  if (std::get<0>(got)) co_return false;
  if (header.certificate > longest_certificate || header.key > longest_key) co_return false;
  renewals.certificate_size_ = header.certificate;
  renewals.pem_.resize(header.certificate + header.key);
  const asio::mutable_buffer rest{renewals.pem_.data(), renewals.pem_.size()};
  auto read = co_await asio::async_read(renewals.socket_, rest, use_task);
  co_return !std::get<0>(read);
}

void Renewals::hand_over() {
  const std::string_view all{pem_.data(), pem_.size()};
  relay_.renew(std::string{all.substr(0, certificate_size_)}, std::string{all.substr(certificate_size_)});
  wipe(std::span{pem_});
  pem_ = {};
}

}  // namespace lethe::net

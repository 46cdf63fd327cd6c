#include "net/courier.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace lethe::net {

void Courier::carry(Courier& to, std::unique_ptr<Burden> burden) {
  if (bags_.size() <= to.index_) bags_.resize(to.index_ + 1);
  Bag& bag = bags_[to.index_];
  bag.push_back(std::move(burden));
  if (bag.size() == 1) boost::asio::post(context_, [this, &to] { leave_for(to); });
}

void Courier::leave_for(Courier& to) {
  boost::asio::post(to.context_, [&to, bag = std::exchange(bags_[to.index_], {})]() mutable { to.open(std::move(bag)); });
}

// Ids and addresses don't stay on the stack either.
void Courier::open(Bag bag) {
  for (std::unique_ptr<Burden>& each : bag) {
    Burden& burden = *each;
    burden.deliver(std::move(each));
  }
  stack_.due(context_.get_executor());
}

}  // namespace lethe::net

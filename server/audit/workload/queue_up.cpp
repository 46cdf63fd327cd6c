// Messages of every size wait for devices that are away: whole, in fragments and together, in both encodings, with topics and
// receipts, for one and for several, from an anonymous sender; and of some that are there, the rest waits.
#include "audit/workload/stages.hpp"

namespace lethe::audit {
namespace {

// What one sender leaves behind.
class Post {
 public:
  Post(Play& play, Client& sender, std::vector<Backlog>& to) : cast_{play.cast}, sender_{sender}, to_{to} {}

  void each_size_whole(std::size_t to) {
    for (const std::size_t size : cast_.sizes()) {
      peer::Mail mail = next(to, size);
      mail.receipt = size % 3 == 0;
      if (size < 1'000) mail.topic = cast_.topic();
      receipts_ += mail.receipt ? 1U : 0U;
      sender_.post(mail);
    }
  }
  void each_size_in_fragments(std::size_t to) {
    for (const std::size_t size : cast_.sizes()) sender_.post_in_fragments(next(to, size), cast_.topic());
  }
  void each_size_together(std::size_t to) {
    std::vector<peer::Mail> mails;
    for (const std::size_t size : cast_.sizes()) mails.push_back(next(to, size));
    sender_.post_together(mails);
  }
  void one_to_all(std::size_t size) {
    peer::Mail mail = next(0, size);
    for (std::size_t other = 1; other < to_.size(); ++other) {
      mail.to.push_back(to_[other].device.recipient());
      ++to_[other].messages;
    }
    sender_.post(mail);
  }
  unsigned receipts() const noexcept { return receipts_; }

 private:
  peer::Mail next(std::size_t to, std::size_t size) {
    ++to_[to].messages;
    return cast_.mail(to_[to].device, size);
  }

  Cast& cast_;
  Client& sender_;
  std::vector<Backlog>& to_;
  unsigned receipts_ = 0;
};

// Recipients that are there and stop reading in the middle, each in another place. What they wait for holds no canary: what
// they have read must be gone, as ciphertext, though more of the same batch waits.
void dawdle(Play& play) {
  Client& sender = play.open.front();
  std::size_t size = play.cast.payload_limit();
  for (const peer::Encoding encoding : {peer::Encoding::json, peer::Encoding::binary, peer::Encoding::json, peer::Encoding::binary}) {
    const Device device = play.cast.device();
    Client& reader = play.dawdlers.emplace_back(play.cast.connect_narrowly(device, encoding));
    reader.acknowledging = Acknowledging::never;
    reader.authenticate();
    for (unsigned sent = 0; sent < dawdled; ++sent) sender.post(play.cast.plain_mail(device, size));
    reader.await_deliveries(1);
    reader.wire().fill(size / 2);
    size -= size / 8;
  }
}

}  // namespace

void queue_up(Play& play) {
  for (int recipients = 0; recipients < 3; ++recipients) play.backlogs.push_back({play.cast.device(), 0});
  const std::optional<Device> authors[] = {play.cast.device(), play.cast.device(), std::nullopt};
  for (std::size_t author = 0; author < std::size(authors); ++author) {
    const auto encoding = author == 1 ? play.cast.other_encoding() : play.scenario.encoding;
    Client& sender = play.keep(play.cast.connect(authors[author], encoding));
    if (authors[author]) sender.authenticate();
    Post post{play, sender, play.backlogs};
    if (authors[author]) post.each_size_whole(author);
    post.each_size_in_fragments((author + 1) % 3);
    post.each_size_together((author + 2) % 3);
    if (author == 0) post.one_to_all(4'096);
    play.receipts.push_back(post.receipts());
  }
  dawdle(play);
}

}  // namespace lethe::audit

#include <gtest/gtest.h>

#include "client/inbox.hpp"
#include "support/temporary_directory.hpp"
#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;
using test::contents;
using test::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {
using Status = Inbox::Status;

class InboxTest : public testing::Test {
 protected:
  static constexpr std::size_t part_size = 10;

  // Part `index` of a file of 25 bytes in three parts.
  Part part(std::uint32_t index, std::string name = "report.txt", std::uint8_t transfer = 1) {
    const auto whole = counting(25, 'a');
    Part part;
    part.kind = Kind::file;
    part.transfer = fixed<TransferId>(transfer);
    part.index = index;
    part.count = 3;
    part.offset = index * part_size;
    part.total = whole.size();
    part.hash = hash_content(whole);
    part.name = std::move(name);
    const auto size = std::min(part_size, whole.size() - index * part_size);
    const auto from = whole.begin() + static_cast<std::ptrdiff_t>(index * part_size);
    part.bytes.assign(from, from + static_cast<std::ptrdiff_t>(size));
    return part;
  }
  static std::string whole_text() { return std::string(as_text(counting(25, 'a'))); }
  void open(const InboxLimits& limits = {}) {
    inbox_.reset();
    inbox_.emplace(Inbox::open(directory_.path(), limits).value());
  }
  Status accept(const Part& one) { return inbox_->accept(one).value().status; }
  std::size_t visible_files() {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(directory_.path())) count += entry.is_regular_file();
    return count;
  }
  std::string state(const std::string& suffix, std::uint8_t transfer = 1) {
    return directory_ / (".lethe/" + hex(counting(16, transfer)) + suffix);
  }

  TemporaryDirectory directory_;
  std::optional<Inbox> inbox_;
};
}  // namespace

TEST_F(InboxTest, PutsAFileTogetherInAnyOrder) {
  open();
  EXPECT_EQ(accept(part(2)), Status::stored);
  EXPECT_EQ(accept(part(0)), Status::stored);
  EXPECT_EQ(visible_files(), 0u);
  const auto last = inbox_->accept(part(1)).value();
  EXPECT_EQ(last.status, Status::complete);
  EXPECT_EQ(last.path, directory_ / "report.txt");
  EXPECT_EQ(contents(last.path), whole_text());
  EXPECT_EQ(fs::status(last.path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(state(".index")));
}

TEST_F(InboxTest, GoesOnAfterARestart) {
  open();
  accept(part(0));
  open();
  EXPECT_EQ(accept(part(1)), Status::stored);
  open();
  EXPECT_EQ(accept(part(2)), Status::complete);
  EXPECT_EQ(contents(directory_ / "report.txt"), whole_text());
}

TEST_F(InboxTest, TakesAPartTwice) {
  open();
  accept(part(0));
  EXPECT_EQ(accept(part(0)), Status::duplicate);
  open();
  EXPECT_EQ(accept(part(0)), Status::duplicate);
  accept(part(1));
  EXPECT_EQ(accept(part(2)), Status::complete);
}

TEST_F(InboxTest, ReceivesOnceWhenTheLastAcknowledgementGotLost) {
  open();
  for (std::uint32_t index : {0, 1, 2}) accept(part(index));
  EXPECT_EQ(accept(part(2)), Status::duplicate);
  open();
  EXPECT_EQ(accept(part(2)), Status::duplicate);
  EXPECT_EQ(visible_files(), 1u);
}

TEST_F(InboxTest, PublishesAtItsStartWhatWasWholeWhenItWasKilled) {
  open();
  accept(part(0));
  accept(part(1));
  {
    auto partial = PartialFile::open(directory_ / ".lethe", part(2)).value();
    ASSERT_FALSE(partial.add(part(2)));
  }
  open();
  EXPECT_EQ(inbox_->recovered(), std::vector{directory_ / "report.txt"});
  EXPECT_EQ(contents(directory_ / "report.txt"), whole_text());
  EXPECT_EQ(accept(part(2)), Status::duplicate);
}

TEST_F(InboxTest, KnowsWhatItPublishedRightBeforeItWasKilled) {
  open();
  accept(part(0));
  accept(part(1));
  {
    auto partial = PartialFile::open(directory_ / ".lethe", part(2)).value();
    ASSERT_FALSE(partial.add(part(2)));
    ASSERT_TRUE(partial.publish(directory_.path()));
  }
  open();
  EXPECT_EQ(accept(part(2)), Status::duplicate);
  EXPECT_EQ(visible_files(), 1u);
  EXPECT_FALSE(fs::exists(state(".index")));
}

TEST_F(InboxTest, DropsAnIndexEntryThatWasTorn) {
  open();
  accept(part(0));
  inbox_.reset();
  std::ofstream(state(".index"), std::ios::app | std::ios::binary) << '\0' << '\0';
  open();
  EXPECT_EQ(accept(part(1)), Status::stored);
  open();
  EXPECT_EQ(accept(part(2)), Status::complete);
  EXPECT_EQ(contents(directory_ / "report.txt"), whole_text());
}

TEST_F(InboxTest, StartsAnewWhenTheIndexIsUnreadable) {
  open();
  accept(part(0));
  inbox_.reset();
  std::ofstream(state(".index"), std::ios::trunc | std::ios::binary) << "LETHE";
  open();
  for (std::uint32_t index : {0, 1}) EXPECT_EQ(accept(part(index)), Status::stored);
  EXPECT_EQ(accept(part(2)), Status::complete);
}

TEST_F(InboxTest, RejectsAFileWithoutItsHash) {
  open();
  for (std::uint32_t index : {0, 1}) accept(part(index));
  auto forged = part(2);
  forged.bytes[0] ^= 1;
  EXPECT_EQ(accept(forged), Status::rejected);
  EXPECT_EQ(visible_files(), 0u);
  EXPECT_FALSE(fs::exists(state(".part")));
}

TEST_F(InboxTest, RejectsAPartThatContradictsTheOthers) {
  open();
  accept(part(0));
  auto other_hash = part(1), other_name = part(1, "other"), other_sender = part(1);
  other_hash.hash.bytes[0] ^= 1;
  other_sender.sender = bob().address();
  EXPECT_EQ(accept(other_hash), Status::rejected);
  EXPECT_EQ(accept(other_name), Status::rejected);
  EXPECT_EQ(accept(other_sender), Status::rejected);
  EXPECT_EQ(accept(part(1)), Status::stored);
}

TEST_F(InboxTest, NeverOverwritesAFile) {
  open();
  std::ofstream(directory_ / "report.txt") << "mine";
  for (const auto transfer : Numbers{1, 2}) {
    for (std::uint32_t index : {0, 1, 2}) accept(part(index, "report.txt", transfer));
  }
  EXPECT_EQ(contents(directory_ / "report.txt"), "mine");
  EXPECT_EQ(contents(directory_ / "report (2).txt"), whole_text());
  EXPECT_EQ(contents(directory_ / "report (3).txt"), whole_text());
}

TEST_F(InboxTest, NeverWritesOutsideItsDirectory) {
  open();
  std::uint8_t transfer = 1;
  for (const auto& name : {"../../escape", "/etc/escape", "..", ".lethe/finished", "..\\escape", ""}) {
    for (std::uint32_t index : {0, 1}) accept(part(index, name, transfer));
    const auto path = fs::path(inbox_->accept(part(2, name, transfer)).value().path);
    EXPECT_EQ(path.parent_path(), fs::path(directory_.path())) << name;
    EXPECT_FALSE(path.filename().string().starts_with('.')) << name;
    ++transfer;
  }
}

TEST_F(InboxTest, IsBounded) {
  InboxLimits limits;
  limits.file_bytes = 24;
  open(limits);
  EXPECT_EQ(accept(part(0)), Status::rejected);
  limits.file_bytes = 25;
  limits.unfinished = 1;
  open(limits);
  EXPECT_EQ(accept(part(0)), Status::stored);
  EXPECT_EQ(accept(part(0, "b", 2)), Status::rejected);
}

TEST_F(InboxTest, BelongsToOneProcessAtATime) {
  open();
  EXPECT_EQ(Inbox::open(directory_.path()).error(), Error::busy);
}

TEST_F(InboxTest, TakesAnEmptyFile) {
  open();
  Part empty;
  empty.kind = Kind::file;
  empty.name = "empty";
  empty.hash = hash_content({});
  EXPECT_EQ(accept(empty), Status::complete);
  EXPECT_TRUE(fs::exists(directory_ / "empty"));
}

TEST_F(InboxTest, RemembersATextThatWasPrinted) {
  open();
  EXPECT_FALSE(inbox_->was_finished(fixed<TransferId>(9)));
  ASSERT_FALSE(inbox_->remember(fixed<TransferId>(9)));
  open();
  EXPECT_TRUE(inbox_->was_finished(fixed<TransferId>(9)));
}

TEST(FinishedTransfers, KeepTheNewestWithinTheirBound) {
  TemporaryDirectory directory;
  const auto path = directory / "finished";
  Bytes many;
  for (std::uint32_t i = 0; i < FinishedTransfers::most + 3; ++i) {
    TransferId id;
    std::memcpy(id.bytes.data(), &i, sizeof i);
    many.insert(many.end(), id.bytes.begin(), id.bytes.end());
  }
  many.push_back(7);  // torn
  std::ofstream(path, std::ios::binary) << as_text(many);
  auto finished = FinishedTransfers::open(path).value();
  EXPECT_FALSE(finished.contains(TransferId{}));
  ASSERT_FALSE(finished.add(fixed<TransferId>(0xF0)));
  EXPECT_EQ(fs::file_size(path), (FinishedTransfers::most + 1) * TransferId::size);
  EXPECT_TRUE(FinishedTransfers::open(path).value().contains(fixed<TransferId>(0xF0)));
}

}  // namespace lethe::client

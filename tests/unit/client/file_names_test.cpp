#include <gtest/gtest.h>

#include "client/key_file.hpp"
#include "client/outgoing.hpp"
#include "client/safe_name.hpp"
#include "support/temporary_directory.hpp"
#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;
using test::TemporaryDirectory;
namespace fs = std::filesystem;

TEST(SafeName, KeepsAnHonestName) {
  EXPECT_EQ(safe_name("Über uns (2).pdf"), "Über uns (2).pdf");
}

TEST(SafeName, TakesTheSubstanceOutOfATrick) {
  EXPECT_EQ(safe_name("a/b/../c"), "c");
  EXPECT_EQ(safe_name("a\\b"), "b");
  EXPECT_EQ(safe_name(".."), "_.");
  EXPECT_EQ(safe_name(".profile"), "_profile");
  EXPECT_EQ(safe_name("a/"), "file");
  EXPECT_EQ(safe_name(std::string_view("a\0b\nc", 5)), "a_b_c");
  EXPECT_EQ(safe_name("a\xFF\xC0\xAF" "b"), "a___b");
  EXPECT_EQ(safe_name("x\xE2\x80\xAE" "fdp.exe"), "x_fdp.exe");
}

TEST(SafeName, CutsALongNameAtACharacter) {
  std::string name;
  for (int i = 0; i < 150; ++i) name += "ü";
  EXPECT_EQ(safe_name(name).size(), 200u);
  EXPECT_EQ(safe_name("x" + name).size(), 199u);
}

TEST(SafeName, PutsANumberBeforeTheEnding) {
  EXPECT_EQ(numbered_name("a.txt", 1), "a.txt");
  EXPECT_EQ(numbered_name("a.txt", 2), "a (2).txt");
  EXPECT_EQ(numbered_name("a", 3), "a (3)");
}

TEST(SafeText, LetsNoStrangerControlTheTerminal) {
  EXPECT_EQ(safe_text("a\x1B[2Jb\tc\nä\r"), "a?[2Jb\tc\nä?");
  EXPECT_EQ(safe_text("\xC2\x9B" "1m"), "?1m");
}

TEST(KeyFile, GivesBackTheKey) {
  TemporaryDirectory directory;
  const auto path = directory / "new/deep/key";
  ASSERT_FALSE(write_key_file(path, alice()));
  EXPECT_EQ(read_key_file(path).value().address(), alice().address());
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(directory / "new").permissions(), fs::perms::owner_all);
}

TEST(KeyFile, IsNeverOverwritten) {
  TemporaryDirectory directory;
  const auto path = directory / "key";
  ASSERT_FALSE(write_key_file(path, alice()));
  EXPECT_EQ(write_key_file(path, bob()), Error::key_exists);
  EXPECT_EQ(read_key_file(path).value().address(), alice().address());
}

TEST(KeyFile, IsRefusedWhenOthersMayReadIt) {
  TemporaryDirectory directory;
  const auto path = directory / "key";
  ASSERT_FALSE(write_key_file(path, alice()));
  fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(read_key_file(path).error(), Error::key_exposed);
}

TEST(KeyFile, IsRefusedWithOtherContents) {
  TemporaryDirectory directory;
  const auto path = directory / "key";
  std::ofstream(path) << "lethe-key-1 short\n";
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(read_key_file(path).error(), Error::bad_key);
}

TEST(Outgoing, CutsAFileIntoPartsThatFitTheRelay) {
  TemporaryDirectory directory;
  const auto content = counting(2'500);
  std::ofstream(directory / "data.bin", std::ios::binary) << as_text(content);
  auto outgoing = Outgoing::file(directory / "data.bin").value();
  ASSERT_FALSE(outgoing.cut(1'024));
  const auto capacity = part_capacity(1'024, 8);
  EXPECT_EQ(outgoing.count(), (2'500 + capacity - 1) / capacity);
  Bytes together;
  for (;;) {
    const auto payload = outgoing.next(alice().address(), nullptr).value();
    if (!payload) break;
    EXPECT_LE(payload->size(), 1'024u);
    const auto part = open_sealed(*payload, alice()).value();
    EXPECT_EQ(part.offset, together.size());
    EXPECT_EQ(part.name, "data.bin");
    EXPECT_EQ(part.hash, hash_content(content));
    together.insert(together.end(), part.bytes.begin(), part.bytes.end());
  }
  EXPECT_EQ(together, content);
}

TEST(Outgoing, SendsAnEmptyFileAsOnePart) {
  auto outgoing = Outgoing::memory({}, "empty");
  ASSERT_FALSE(outgoing.cut(65'536));
  EXPECT_EQ(outgoing.count(), 1u);
  EXPECT_TRUE(outgoing.next(alice().address(), nullptr).value());
  EXPECT_FALSE(outgoing.next(alice().address(), nullptr).value());
}

TEST(Outgoing, DoesNotCutAText) {
  auto outgoing = Outgoing::text(counting(100));
  EXPECT_EQ(outgoing.cut(256), Error::too_large);
  EXPECT_FALSE(outgoing.cut(1'024));
}

TEST(Outgoing, NoticesAFileThatShrinksMeanwhile) {
  TemporaryDirectory directory;
  std::ofstream(directory / "data.bin", std::ios::binary) << as_text(counting(2'500));
  auto outgoing = Outgoing::file(directory / "data.bin").value();
  ASSERT_FALSE(outgoing.cut(1'024));
  fs::resize_file(directory / "data.bin", 10);
  EXPECT_EQ(outgoing.next(alice().address(), nullptr).error(), Error::bad_contents);
}

}  // namespace lethe::client

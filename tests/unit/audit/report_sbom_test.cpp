#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include <nlohmann/json.hpp>

#include "audit/report/digest.hpp"
#include "audit/report/elf_binary.hpp"
#include "audit/report/installed_packages.hpp"
#include "audit/report/sbom.hpp"
#include "support/temporary_directory.hpp"
#include "unit/audit/report_samples.hpp"

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;
using test::TemporaryDirectory;
using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;

// This test's own program: it is linked with OpenSSL.
std::string own_program() { return fs::read_symlink("/proc/self/exe").string(); }

TEST(ElfBinary, NamesTheLibrariesThatItNeeds) {
  const auto binary = parse_elf(read_file(own_program()));
  ASSERT_TRUE(binary);
  EXPECT_THAT(binary->needed, Contains("libc.so.6"));
  EXPECT_THAT(binary->needed, Contains("libcrypto.so.3"));
  EXPECT_THAT(binary->interpreter, HasSubstr("ld-linux"));
}

TEST(ElfBinary, IsNothingElse) {
  EXPECT_FALSE(parse_elf(""));
  EXPECT_FALSE(parse_elf("#!/bin/sh\n"));
  EXPECT_FALSE(parse_elf(std::string("\x7f" "ELF") + std::string(100, '\x01')));
}

// Reads of a cut-off file stay inside of it (the sanitizers' builds would see others).
TEST(ElfBinary, MayEndAnywhere) {
  const auto whole = read_file(own_program()).substr(0, 8192);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    const std::string cut{whole, 0, size};
    const bool parsed = parse_elf(cut).has_value();
    EXPECT_TRUE(size >= 64 || !parsed) << size;
  }
}

TEST(Licence, IsThatOfTheStanzaForEverything) {
  EXPECT_EQ(licence_of("Format: https://x\nUpstream-Name: y\n\nFiles: debian/*\nLicense: GPL-2+\n\nFiles: *\nCopyright: z\nLicense: BSD-2-clause\n"),
            "BSD-2-clause");
  EXPECT_EQ(licence_of("This package was debianized by hand.\nLicense: GPL-2\n"), "");
  EXPECT_EQ(licence_of("Format: https://x\n\nFiles: src/*\nLicense: MIT\n"), "");
}

// A root with one library, and dpkg's word for it.
void make_root(const TemporaryDirectory& root, const std::string& library) {
  for (const auto* folder : {"usr/lib", "var/lib/dpkg/info", "usr/share/doc/libreal3", "etc"}) fs::create_directories(root / folder);
  fs::copy_file(library, root / "usr/lib/libcrypto.so.3");
  fs::create_symlink("usr/lib", root / "lib");
  write_file(root / "var/lib/dpkg/info/libreal3:amd64.list", "/.\n/lib\n/lib/libcrypto.so.3\n");
  write_file(root / "var/lib/dpkg/status", "Package: libreal3\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:3.0+x~1\n\nPackage: libother\nArchitecture: amd64\nVersion: 9\n");
  write_file(root / "usr/share/doc/libreal3/copyright", "Format: https://x\n\nFiles: *\nLicense: Apache-2.0\n");
  write_file(root / "etc/os-release", "ID=debian\n");
}

std::string libcrypto() {
  for (const auto* path : {"/usr/lib/x86_64-linux-gnu/libcrypto.so.3", "/usr/lib/aarch64-linux-gnu/libcrypto.so.3"}) {
    if (fs::exists(path)) return fs::canonical(path).string();
  }
  return {};
}

json component(const json& bill, const std::string& name) {
  for (const auto& each : bill["components"]) {
    if (each["name"] == name) return each;
  }
  return {};
}

TEST(Sbom, TakesVersionAndLicenceFromThePackageOfTheAuditedRoot) {
  const auto library = libcrypto();
  if (library.empty()) GTEST_SKIP() << "no libcrypto.so.3 in the usual place";
  const TemporaryDirectory root;
  make_root(root, library);
  auto report = samples::passing();
  report.subject.sha256 = digest_of_file(own_program());
  const auto bill = json::parse(sbom_json(report, {own_program(), root.path()}));
  EXPECT_EQ(bill["bomFormat"], "CycloneDX");
  EXPECT_EQ(bill["specVersion"], "1.5");
  EXPECT_EQ(bill["metadata"]["component"]["hashes"][0]["content"], report.subject.sha256);
  EXPECT_EQ(bill["compositions"][0]["aggregate"], "incomplete");
  const auto found = component(bill, "libcrypto.so.3");
  EXPECT_EQ(found["version"], "1:3.0+x~1");
  EXPECT_EQ(found["licenses"][0]["license"]["name"], "Apache-2.0");
  EXPECT_EQ(found["purl"], "pkg:deb/debian/libreal3@1%3A3.0%2Bx~1?arch=amd64");
  EXPECT_EQ(found["hashes"][0]["content"], digest_of_file(library));
  // What the root doesn't have is named, and nothing is made up for it.
  const auto missing = component(bill, "libc.so.6");
  EXPECT_EQ(missing["properties"][0]["value"], "not found");
  EXPECT_FALSE(missing.contains("version"));
}

TEST(Sbom, SaysWhatCannotBeKnownFromOutside) {
  auto report = samples::passing();
  report.subject.sha256 = digest_of_file(own_program());
  const auto text = sbom_json(report, {own_program(), ""});
  EXPECT_THAT(text, HasSubstr("libraries that are compiled into the binary"));
}

TEST(Sbom, OfABinaryThatCannotBeReadHasNoComponents) {
  const auto report = samples::passing();
  for (const auto& path : {std::string{"/nowhere/lethe"}, own_program()}) {   // the second is not the one that was audited
    const auto bill = json::parse(sbom_json(report, {path, ""}));
    EXPECT_TRUE(bill["components"].empty());
    EXPECT_EQ(bill["compositions"][0]["aggregate"], "unknown");
  }
}

}  // namespace
}  // namespace lethe::audit

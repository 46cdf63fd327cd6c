#include "net/demo_files.hpp"

#include <gtest/gtest.h>

#include <string>

namespace lethe::net {
namespace {

constexpr const char* kPaths[] = {"/", "/demo/demo.js", "/demo/demo.css", "/demo/icon.svg"};

std::string_view value(const FileResponse& response, const char* field) {
  const auto found = response[field];
  return {found.data(), found.size()};
}

TEST(DemoFiles, AreWholeAndLinkedFromThePage) {
  const DemoFile* const page = find_demo_file("/");
  ASSERT_NE(page, nullptr);
  EXPECT_TRUE(page->content.starts_with("<!doctype html>"));
  EXPECT_TRUE(page->content.ends_with("</html>\n"));
  for (const char* const path : kPaths) {
    const DemoFile* const file = find_demo_file(path);
    ASSERT_NE(file, nullptr) << path;
    EXPECT_FALSE(file->content.empty()) << path;
    if (file != page) {
      EXPECT_NE(page->content.find(std::string{"\""} + path + "\""), std::string_view::npos) << path;
    }
  }
}

TEST(DemoFiles, AreNoOthers) {
  for (const char* const path : {"", "/demo", "/demo/", "/demo/demo.js.map", "/DEMO/demo.js", "/../etc/passwd"}) {
    EXPECT_EQ(find_demo_file(path), nullptr) << path;
  }
}

TEST(DemoFiles, KeepThePageToItself) {
  for (const char* const path : kPaths) {
    const DemoFile& file = *find_demo_file(path);
    const FileResponse response = respond(file, false);
    const std::string_view policy = value(response, "Content-Security-Policy");
    EXPECT_NE(policy.find("default-src 'none'"), std::string_view::npos);
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string_view::npos);
    EXPECT_EQ(policy.find("unsafe-inline"), std::string_view::npos);
    EXPECT_EQ(policy.find("'unsafe-eval'"), std::string_view::npos);
    EXPECT_EQ(policy.find('*'), std::string_view::npos);
    EXPECT_EQ(value(response, "Content-Type"), file.type);
    EXPECT_EQ(value(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(value(response, "Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(value(response, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(value(response, "Cache-Control"), "no-store");
    EXPECT_EQ(value(response, "Access-Control-Allow-Origin"), "");
    EXPECT_EQ(value(response, "Content-Length"), std::to_string(file.content.size()));
    EXPECT_FALSE(response.keep_alive());
    EXPECT_EQ(response.body().size(), file.content.size());
  }
}

TEST(DemoFiles, AnswerHeadWithTheirSizeOnly) {
  const DemoFile& file = *find_demo_file("/demo/demo.js");
  const FileResponse response = respond(file, true);
  EXPECT_EQ(value(response, "Content-Length"), std::to_string(file.content.size()));
  EXPECT_EQ(response.body().size(), 0U);
}

}  // namespace
}  // namespace lethe::net

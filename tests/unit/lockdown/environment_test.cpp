#include "lockdown/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lethe::lockdown {
namespace {

TEST(Environment, KeepsWhatTheRelayAndItsUserNeed) {
  for (const auto* const variable : {"LETHE_LISTEN=:8443", "LETHE_CONFIG=", "PATH=/bin", "HOME=/", "TZ=UTC", "LANG=C.UTF-8",
                                     "LANGUAGE=de", "LC_ALL=C", "LC_TIME=de_DE"}) {
    EXPECT_TRUE(is_kept(variable)) << variable;
  }
}

TEST(Environment, DropsWhateverElseIsSet) {
  for (const auto* const variable :
       {"LD_PRELOAD=/tmp/tee.so", "LD_LIBRARY_PATH=/tmp", "LD_AUDIT=a", "LD_DEBUG_OUTPUT=/tmp/x", "SSLKEYLOGFILE=/tmp/keys",
        "OPENSSL_CONF=/tmp/c", "OPENSSL_MODULES=/tmp", "OPENSSL_ENGINES=/tmp", "GCONV_PATH=/tmp", "LOCPATH=/tmp",
        "NLSPATH=/tmp/%N", "TMPDIR=/tmp", "MALLOC_TRACE=/tmp/t", "MALLOC_ARENA_MAX=1", "GLIBC_TUNABLES=glibc.malloc.check=3",
        "ASAN_OPTIONS=log_path=/tmp/a", "UBSAN_OPTIONS=", "LLVM_PROFILE_FILE=/tmp/p", "GCOV_PREFIX=/tmp", "GMON_OUT_PREFIX=g",
        "RES_OPTIONS=debug", "HOSTALIASES=/tmp/h", "TZDIR=/tmp", "COREDUMP=1", "NOTIFY_SOCKET=/run/n", "XLETHE_A=1", "path=/bin"}) {
    EXPECT_FALSE(is_kept(variable)) << variable;
  }
}

TEST(Environment, DropsWhatIsNoVariable) {
  EXPECT_FALSE(is_kept("PATH"));
  EXPECT_FALSE(is_kept("LETHE_LISTEN"));
  EXPECT_FALSE(is_kept(""));
  EXPECT_FALSE(is_kept("=PATH"));
  EXPECT_FALSE(is_kept("PATHS=/bin"));
  EXPECT_FALSE(is_kept("LD_PRELOAD=LC_ALL=C"));
}

TEST(Environment, KeepsTheOrderAndEndsWithANull) {
  char path[] = "PATH=/bin";
  char preload[] = "LD_PRELOAD=x";
  char listen[] = "LETHE_LISTEN=:1";
  char* environment[]{path, preload, listen, nullptr};
  EXPECT_THAT(kept_variables(environment), ::testing::ElementsAre(path, listen, nullptr));
  char* empty[]{nullptr};
  EXPECT_THAT(kept_variables(empty), ::testing::ElementsAre(nullptr));
}

}  // namespace
}  // namespace lethe::lockdown

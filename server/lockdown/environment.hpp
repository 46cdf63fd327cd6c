#pragma once
// Which environment variables a confined process keeps: those of this list, and no other. So whatever makes a library
// load code, write a file or change its allocator (LD_*, SSLKEYLOGFILE, OPENSSL_*, GCONV_PATH, LOCPATH, NLSPATH, TMPDIR,
// MALLOC_*, GLIBC_TUNABLES, *SAN_OPTIONS, LLVM_PROFILE_FILE) is dropped without being named. Pure functions.
#include <string_view>
#include <vector>

namespace lethe::lockdown {

// `variable` is "NAME=value". Kept are LETHE_*, PATH, HOME, TZ, LANG, LANGUAGE and LC_*.
bool is_kept(std::string_view variable) noexcept;

// The kept ones of a null-terminated environment, in their order, with a null pointer behind the last. The strings are
// the environment's own.
std::vector<char*> kept_variables(char* const* environment);

}  // namespace lethe::lockdown

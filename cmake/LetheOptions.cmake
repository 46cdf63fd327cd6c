# Compiler settings and third-party packages that every target shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# The sanitizers' builds: fast to make, with the lines that a report names.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")

find_program(CCACHE ccache)
if(CCACHE)
  # With what ccache asks for where headers are precompiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(JWT REQUIRED IMPORTED_TARGET libjwt)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)

# What ships is the same wherever it is built: no path of the build is in it.
set(LETHE_REPRODUCIBLE -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)

# Every target of the project links this one.
add_library(lethe_options INTERFACE)
target_include_directories(lethe_options INTERFACE ${CMAKE_SOURCE_DIR}/include)
target_include_directories(lethe_options SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
target_compile_options(lethe_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these of the standard library's own strings and vectors at -O2 and above.
  target_compile_options(lethe_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(LETHE_WERROR)
  target_compile_options(lethe_options INTERFACE -Werror)
endif()
target_compile_definitions(lethe_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
if(LETHE_SANITIZE)
  target_compile_options(lethe_options INTERFACE -fsanitize=${LETHE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(lethe_options INTERFACE -fsanitize=${LETHE_SANITIZE})
  if(LETHE_SANITIZE MATCHES "thread")
    # g++'s thread sanitizer doesn't know fences; Asio needs none where its queues have locks.
    target_compile_options(lethe_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    target_compile_definitions(lethe_options INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
else()
  target_compile_options(lethe_options INTERFACE -fstack-protector-strong $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
  target_compile_options(lethe_options INTERFACE $<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:-ftrivial-auto-var-init=zero>)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    target_compile_options(lethe_options INTERFACE -fcf-protection=full)
  endif()
  target_link_options(lethe_options INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
if(LETHE_FUZZ)
  target_compile_options(lethe_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

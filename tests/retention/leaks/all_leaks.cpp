// A leak is a line here.
#include "all_leaks.hpp"

namespace lethe::leaks {
namespace {

constexpr bool stays = true;    // in the process
constexpr bool leaves = false;
constexpr bool lethal = true;

constexpr Entry entries[] = {
    {"file", leak_file, leaves},
    {"tmp-unlink", leak_tmp_unlink, leaves},
    {"tmp-unlink-fsync", leak_tmp_unlink_fsync, leaves},
    {"otmpfile", leak_otmpfile, leaves},
    {"prefd", leak_prefd, leaves, prepare_prefd},
    {"prefd-mmap", leak_prefd_mmap, leaves, prepare_prefd_mmap},
    {"mmap-file", leak_mmap_file, leaves},
    {"splice", leak_splice, leaves},
    {"copy-range", leak_copy_range, leaves},
    {"uring-write", leak_uring_write, leaves, nullptr, lethal},
    {"odirect", leak_odirect, leaves},
    {"xattr", leak_xattr, leaves},
    {"dirname", leak_dirname, leaves},
    {"symlink", leak_symlink, leaves},
    {"utimens", leak_utimens, leaves},
    {"devshm", leak_devshm, leaves},
    {"memfd", leak_memfd, leaves},
    {"shmget", leak_shmget, leaves},
    {"msgsnd", leak_msgsnd, leaves},
    {"addkey", leak_addkey, leaves},
    {"bpf-map", leak_bpf_map, leaves, nullptr, lethal},
    {"stdout", leak_stdout, leaves},
    {"log-address", leak_log_address, leaves},
    {"log-what", leak_log_what, leaves},
    {"log-file", leak_log_file, leaves},
    {"log-ring", leak_log_ring, stays},
    {"syslog", leak_syslog, leaves},
    {"abstract-socket", leak_abstract_socket, leaves},
    {"udp", leak_udp, leaves},
    {"dns", leak_dns, leaves},
    {"tcp", leak_tcp, leaves},
    {"tfo", leak_tfo, leaves},
    {"raw-socket", leak_raw_socket, leaves},
    {"pageable", leak_pageable, stays},
    {"heap-free", leak_heap_free, stays},
    {"memset-wipe", leak_memset_wipe, stays},
    {"small-string", leak_small_string, stays},
    {"stack-copy", leak_stack_copy, stays},
    {"message-id", leak_message_id, stays},
    {"argv", leak_argv, leaves},
    {"thread-name", leak_thread_name, leaves},
    {"child", leak_child, leaves},
    {"orphan", leak_orphan, leaves},
    {"at-exit", leak_at_exit, leaves},
    // By what the relay itself sends: outgoing.cpp.
    {"deflate", nullptr, stays},
    {"keylog", nullptr, stays},
    {"kept-key", nullptr, stays},
    {"metric-canary", nullptr, stays},
};

}  // namespace

std::span<const Entry> all_leaks() noexcept { return entries; }

}  // namespace lethe::leaks

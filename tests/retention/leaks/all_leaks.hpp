#pragma once
// The functions behind the list in all_leaks.cpp, each in the file of its name.
#include "leak.hpp"

namespace lethe::leaks {

int leak_file(Bytes bytes, const char* directory);
int leak_tmp_unlink(Bytes bytes, const char* directory);
int leak_tmp_unlink_fsync(Bytes bytes, const char* directory);
int leak_otmpfile(Bytes bytes, const char* directory);
int leak_prefd(Bytes bytes, const char* directory);
int leak_prefd_mmap(Bytes bytes, const char* directory);
int leak_mmap_file(Bytes bytes, const char* directory);
int leak_splice(Bytes bytes, const char* directory);
int leak_copy_range(Bytes bytes, const char* directory);
int leak_uring_write(Bytes bytes, const char* directory);
int leak_odirect(Bytes bytes, const char* directory);
int leak_xattr(Bytes bytes, const char* directory);
int leak_dirname(Bytes bytes, const char* directory);
int leak_symlink(Bytes bytes, const char* directory);
int leak_utimens(Bytes bytes, const char* directory);
int leak_devshm(Bytes bytes, const char* directory);
int leak_memfd(Bytes bytes, const char* directory);
int leak_shmget(Bytes bytes, const char* directory);
int leak_msgsnd(Bytes bytes, const char* directory);
int leak_addkey(Bytes bytes, const char* directory);
int leak_bpf_map(Bytes bytes, const char* directory);
int leak_stdout(Bytes bytes, const char* directory);
int leak_log_address(Bytes bytes, const char* directory);
int leak_log_what(Bytes bytes, const char* directory);
int leak_log_file(Bytes bytes, const char* directory);
int leak_log_ring(Bytes bytes, const char* directory);
int leak_syslog(Bytes bytes, const char* directory);
int leak_abstract_socket(Bytes bytes, const char* directory);
int leak_udp(Bytes bytes, const char* directory);
int leak_dns(Bytes bytes, const char* directory);
int leak_tcp(Bytes bytes, const char* directory);
int leak_tfo(Bytes bytes, const char* directory);
int leak_raw_socket(Bytes bytes, const char* directory);
int leak_pageable(Bytes bytes, const char* directory);
int leak_heap_free(Bytes bytes, const char* directory);
int leak_memset_wipe(Bytes bytes, const char* directory);
int leak_small_string(Bytes bytes, const char* directory);
int leak_stack_copy(Bytes bytes, const char* directory);
int leak_message_id(Bytes bytes, const char* directory);
int leak_argv(Bytes bytes, const char* directory);
int leak_thread_name(Bytes bytes, const char* directory);
int leak_child(Bytes bytes, const char* directory);
int leak_orphan(Bytes bytes, const char* directory);
int leak_at_exit(Bytes bytes, const char* directory);
void prepare_prefd(const char* directory);
void prepare_prefd_mmap(const char* directory);

}  // namespace lethe::leaks

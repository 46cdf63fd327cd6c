#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "unit/lockdown/confined/exits.hpp"

namespace lethe::lockdown {
namespace {

constexpr char canary[] = "canary";
constexpr std::size_t length = sizeof canary - 1;

int outcome(long result) { return result < 0 ? errno : 0; }

// Something that the kernel would keep, opened for a moment.
int opened(long descriptor) {
  if (descriptor < 0) return errno;
  ::close(static_cast<int>(descriptor));
  return 0;
}

int shared_segment(const ExitScene&) {
  const int segment = ::shmget(IPC_PRIVATE, 4'096, IPC_CREAT | 0600);
  if (segment < 0) return errno;
  void* const at = ::shmat(segment, nullptr, 0);
  ::shmctl(segment, IPC_RMID, nullptr);
  if (at == reinterpret_cast<void*>(-1)) return errno;
  std::memcpy(at, canary, length);
  return 0;
}

int system_message(const ExitScene&) {
  const int queue = ::msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  if (queue < 0) return errno;
  struct {
    long type = 1;
    char text[length] = {};
  } message;
  const int error = outcome(::msgsnd(queue, &message, length, IPC_NOWAIT));
  ::msgctl(queue, IPC_RMID, nullptr);
  return error;
}

int system_semaphore(const ExitScene&) {
  const int semaphores = ::semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  if (semaphores < 0) return errno;
  ::semctl(semaphores, 0, IPC_RMID);
  return 0;
}

int named_queue(const ExitScene&) {
  mq_attr limits{};
  limits.mq_maxmsg = 1;
  limits.mq_msgsize = 64;
  const mqd_t queue = ::mq_open("/lethe-exit", O_CREAT | O_RDWR, 0600, &limits);
  if (queue < 0) return errno;
  ::mq_unlink("/lethe-exit");
  return outcome(::mq_send(queue, canary, length, 0));
}

int shared_page(const ExitScene&) {
  void* const page = ::mmap(nullptr, 4'096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return errno;
  ::munmap(page, 4'096);
  return 0;
}

int memory_file(const ExitScene&) {
  const int file = ::memfd_create("exit", 0);
  if (file < 0) return errno;
  const int error = outcome(::write(file, canary, length));
  ::close(file);
  return error;
}

int kernel_map(const ExitScene&) {
  bpf_attr attributes{};
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = 4;
  attributes.value_size = 64;
  attributes.max_entries = 1;
  return opened(::syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

int submission_ring(const ExitScene&) {
  io_uring_params parameters{};
  return opened(::syscall(SYS_io_uring_setup, 4, &parameters));
}

int executable(int protection) {
  void* const page = ::mmap(nullptr, 4'096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return errno;
  ::munmap(page, 4'096);
  return 0;
}

int made_executable(const ExitScene&) {
  void* const page = ::mmap(nullptr, 4'096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return errno;
  return outcome(::mprotect(page, 4'096, PROT_READ | PROT_EXEC));
}

constexpr Exit content[]{
    {"a memory file", OpenTo::everyone, EPERM, memory_file},
    {"a secret memory file", OpenTo::some, EPERM, [](const ExitScene&) { return opened(::syscall(SYS_memfd_secret, 0)); }},
    {"a shared page", OpenTo::everyone, EPERM, shared_page},
    {"a System V segment", OpenTo::everyone, EPERM, shared_segment},
    {"a System V message", OpenTo::everyone, EPERM, system_message},
    {"a System V semaphore", OpenTo::everyone, EPERM, system_semaphore},
    {"a POSIX message", OpenTo::some, EPERM, named_queue},
    {"a key", OpenTo::some, EPERM,
     [](const ExitScene&) {
       return outcome(::syscall(SYS_add_key, "user", "lethe-exit", canary, length, KEY_SPEC_PROCESS_KEYRING));
     }},
    {"a map of the kernel's programs", OpenTo::some, killed, kernel_map},
    {"a submission ring", OpenTo::some, killed, submission_ring},
    {"asynchronous writing", OpenTo::some, EPERM,
     [](const ExitScene&) {
       unsigned long context = 0;
       return outcome(::syscall(SYS_io_setup, 1, &context));
     }},
    {"faults that another answers", OpenTo::some, killed, [](const ExitScene&) { return opened(::syscall(SYS_userfaultfd, 1)); }},
    {"an event's counter", OpenTo::everyone, EPERM, [](const ExitScene&) { return opened(::eventfd(0x6361, 0)); }},
    {"a second number for a descriptor", OpenTo::everyone, EPERM, [](const ExitScene& s) { return opened(::dup(s.file)); }},
    {"pages that can be executed", OpenTo::everyone, EPERM, [](const ExitScene&) { return executable(PROT_READ | PROT_EXEC); }},
    {"pages that can be written and executed", OpenTo::everyone, EPERM,
     [](const ExitScene&) { return executable(PROT_READ | PROT_WRITE | PROT_EXEC); }},
    {"pages made executable", OpenTo::everyone, EPERM, made_executable},
};

}  // namespace

std::span<const Exit> memory_exits() { return content; }

}  // namespace lethe::lockdown

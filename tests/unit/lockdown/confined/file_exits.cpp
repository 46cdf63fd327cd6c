#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "unit/lockdown/confined/exits.hpp"

namespace lethe::lockdown {
namespace {

constexpr char canary[] = "canary";
constexpr std::size_t length = sizeof canary - 1;

int outcome(long result) { return result < 0 ? errno : 0; }

int write_to(int file) {
  if (file < 0) return errno;
  const int error = outcome(::write(file, canary, length));
  ::close(file);
  return error;
}

int map_and_write(const ExitScene& scene) {
  void* const page = ::mmap(nullptr, 4'096, PROT_READ | PROT_WRITE, MAP_SHARED, scene.file, 0);
  if (page == MAP_FAILED) return errno;
  std::memcpy(page, canary, length);
  return outcome(::msync(page, 4'096, MS_SYNC));
}

int write_in_parts(const ExitScene& scene) {
  iovec part{const_cast<char*>(canary), length};
  return outcome(::writev(scene.file, &part, 1));
}

int open_by_handle(const ExitScene& scene) {
  alignas(file_handle) unsigned char room[sizeof(file_handle) + 128] = {};
  auto* const handle = reinterpret_cast<file_handle*>(room);
  handle->handle_bytes = 128;
  int mount = 0;
  (void)::name_to_handle_at(scene.folder, "existing", handle, &mount, 0);
  return write_to(::open_by_handle_at(scene.folder, handle, O_WRONLY));
}

int set_times(const ExitScene& scene) {
  const timespec times[2]{{0x63616e61, 0x7279}, {0x63616e61, 0x7279}};
  return outcome(::utimensat(AT_FDCWD, scene.path("existing").c_str(), times, 0));
}

int open_device(const char* name) {
  const int device = ::open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK);
  if (device < 0) return errno;
  ::close(device);
  return 0;
}

constexpr Exit content[]{
    {"a new file", OpenTo::everyone, EACCES,
     [](const ExitScene& s) { return write_to(::open(s.path("new").c_str(), O_CREAT | O_WRONLY, 0600)); }},
    {"a new file beneath an open folder", OpenTo::everyone, EACCES,
     [](const ExitScene& s) { return write_to(::openat(s.folder, "beneath", O_CREAT | O_WRONLY, 0600)); }},
    {"a file that exists", OpenTo::everyone, EACCES,
     [](const ExitScene& s) { return write_to(::open(s.path("existing").c_str(), O_WRONLY)); }},
    {"the end of a file", OpenTo::everyone, EACCES,
     [](const ExitScene& s) { return write_to(::open(s.path("existing").c_str(), O_WRONLY | O_APPEND)); }},
    {"a file without a name", OpenTo::some, EACCES,
     [](const ExitScene& s) { return write_to(::open(s.path("").c_str(), O_TMPFILE | O_WRONLY, 0600)); }},
    {"a file by openat2", OpenTo::everyone, ENOSYS,
     [](const ExitScene& s) {
       const std::uint64_t how[3]{O_CREAT | O_WRONLY, 0600, 0};
       return write_to(static_cast<int>(::syscall(SYS_openat2, s.folder, "how", how, sizeof how)));
     }},
    {"a file by its handle", OpenTo::some, killed, open_by_handle},
    {"a file in shared memory's folder", OpenTo::some, EACCES,
     [](const ExitScene&) {
       const int error = write_to(::shm_open("/lethe-exit", O_CREAT | O_WRONLY, 0600));
       ::shm_unlink("/lethe-exit");
       return error;
     }},
    {"an open file", OpenTo::everyone, EPERM, [](const ExitScene& s) { return outcome(::write(s.file, canary, length)); }},
    {"a place in an open file", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::pwrite(s.file, canary, length, 8)); }},
    {"an open file, in parts", OpenTo::everyone, EPERM, write_in_parts},
    {"the pages of an open file", OpenTo::everyone, EPERM, map_and_write},
    {"a pipe spliced into an open file", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::splice(s.pipe_in, nullptr, s.file, nullptr, length, 0)); }},
    {"a file sent into a pipe", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::sendfile(s.pipe_out, s.file, nullptr, length)); }},
    {"a range copied in an open file", OpenTo::some, EPERM,
     [](const ExitScene& s) {
       off_t from = 0;
       off_t to = 2'048;
       return outcome(::copy_file_range(s.file, &from, s.file, &to, length, 0));
     }},
    {"the kernel's log", OpenTo::some, EACCES, [](const ExitScene&) { return open_device("/dev/kmsg"); }},
    {"the console", OpenTo::some, EACCES, [](const ExitScene&) { return open_device("/dev/console"); }},
    {"a pipe that was inherited", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::write(s.pipe_out, canary, length)); }},
    {"pages given to a pipe", OpenTo::everyone, EPERM,
     [](const ExitScene& s) {
       const iovec part{const_cast<char*>(canary), length};
       return outcome(::vmsplice(s.pipe_out, &part, 1, 0));
     }},
    // Metadata: names, times, modes and lengths hold bytes too.
    {"the length of a file", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::truncate(s.path("existing").c_str(), 12'345)); }},
    {"the length of an open file", OpenTo::everyone, EPERM, [](const ExitScene& s) { return outcome(::ftruncate(s.file, 12'345)); }},
    {"room in an open file", OpenTo::some, EPERM, [](const ExitScene& s) { return outcome(::fallocate(s.file, 0, 0, 8'192)); }},
    {"an attribute of a file", OpenTo::some, EPERM,
     [](const ExitScene& s) { return outcome(::setxattr(s.path("existing").c_str(), "user.exit", canary, length, 0)); }},
    {"an attribute of an open file", OpenTo::some, EPERM,
     [](const ExitScene& s) { return outcome(::fsetxattr(s.file, "user.exit", canary, length, 0)); }},
    {"the times of a file", OpenTo::everyone, EPERM, set_times},
    {"the mode of a file", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::chmod(s.path("existing").c_str(), 0641)); }},
    {"the mode of an open file", OpenTo::everyone, EPERM, [](const ExitScene& s) { return outcome(::fchmod(s.file, 0614)); }},
    {"the owner of an open file", OpenTo::root, EPERM, [](const ExitScene& s) { return outcome(::fchown(s.file, 0x6361, 0x6e61)); }},
    {"the target of a link", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::symlink(canary, s.path("link").c_str())); }},
    {"the name of a folder", OpenTo::everyone, EPERM, [](const ExitScene& s) { return outcome(::mkdir(s.path(canary).c_str(), 0700)); }},
    {"a new name of a file", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::rename(s.path("existing").c_str(), s.path("renamed").c_str())); }},
    {"a second name of a file", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::link(s.path("existing").c_str(), s.path("second").c_str())); }},
    {"a named pipe", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return outcome(::mknod(s.path("fifo").c_str(), S_IFIFO | 0600, 0)); }},
    {"the absence of a file", OpenTo::everyone, EPERM, [](const ExitScene& s) { return outcome(::unlink(s.path("existing").c_str())); }},
    {"a lock on an open file", OpenTo::everyone, EPERM,
     [](const ExitScene& s) {
       struct flock range{};
       range.l_type = F_WRLCK;
       range.l_start = 0x63616e;
       range.l_len = 1;
       return outcome(::fcntl(s.file, F_SETLK, &range));
     }},
    // What only reads could still tell by the time of access, and is not needed.
    {"reading a file", OpenTo::everyone, EACCES,
     [](const ExitScene& s) {
       const int file = ::open(s.path("existing").c_str(), O_RDONLY);
       return file < 0 ? errno : 0;
     }},
    {"whether a file exists", OpenTo::everyone, EACCES, [](const ExitScene& s) { return outcome(::access(s.path("existing").c_str(), F_OK)); }},
};

}  // namespace

std::span<const Exit> file_exits() { return content; }

}  // namespace lethe::lockdown

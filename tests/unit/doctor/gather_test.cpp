// Facts from a made-up /proc, /sys and /etc.
#include "doctor/gather.hpp"

#include <unistd.h>

#include <fstream>

#include <gtest/gtest.h>

#include "doctor/checks.hpp"
#include "support/temporary_directory.hpp"

namespace lethe::doctor {
namespace {

namespace fs = std::filesystem;

class Gathering : public testing::Test {
 protected:
  void put(const fs::path& path, const std::string& text) const {
    fs::create_directories((root / path).parent_path());
    std::ofstream{root / path} << text;
  }
  // A broker with its relay, started with these arguments.
  void put_relay(const std::string& broker, const std::string& relay, const std::string& arguments, const std::string& group) const {
    put("proc/" + broker + "/comm", "lethe-broker\n");
    put("proc/" + broker + "/cmdline", arguments);
    put("proc/" + broker + "/task/" + broker + "/children", relay + " ");
    put("proc/" + relay + "/comm", "lethe\n");
    put("proc/" + relay + "/cgroup", "0::" + group + "\n");
    put("proc/" + relay + "/status", "Name:\tlethe\nVmSwap:\t      12 kB\n");
    put("proc/" + relay + "/limits", "Max locked memory         8388608              unlimited            bytes     \n"
                                     "Max open files            1024                 4096                 files     \n");
  }

  const test::TemporaryDirectory directory;
  const fs::path root = directory.path();
};

TEST_F(Gathering, AnEmptyTreeIsNothingSeen) {
  const MemoryFacts memory = gather_memory("self", root);
  EXPECT_FALSE(memory.swaps || memory.swap_allowed || memory.total || memory.overcommit);
  const CrashFacts crash = gather_crash(root);
  EXPECT_FALSE(crash.core_pattern || crash.crash_kernel || crash.can_hibernate || crash.has_resume_device);
  const ProcessFacts process = gather_process("", root);
  EXPECT_FALSE(process.relay || process.locked_limit || process.open_files || process.no_new_privileges || process.filtered);
  EXPECT_FALSE(gather_network(root).backlog);
  EXPECT_EQ(gather_place(process, root), Place::shell);
}

TEST_F(Gathering, SwapIsToldByWhatItLiesOn) {
  put("proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 2097148 0 -2\n/dev/zram0 partition 1024 0 100\n"
                    "/dev/zram1 partition 1024 0 100\n/dev/dm-0 partition 512 0 -3\n/swap\\040file file 4 0 -4\n");
  put("sys/block/zram0/backing_dev", "none\n");
  put("sys/block/zram1/backing_dev", "/dev/sdb1\n");
  put("sys/block/dm-0/dm/uuid", "CRYPT-PLAIN-swap\n");
  const auto swaps = gather_memory("self", root).swaps;
  ASSERT_TRUE(swaps);
  ASSERT_EQ(swaps->size(), 5U);
  EXPECT_EQ((*swaps)[0].size, 2'097'148U * 1'024);
  EXPECT_FALSE((*swaps)[0].in_memory || (*swaps)[0].encrypted);
  EXPECT_TRUE((*swaps)[1].in_memory);
  EXPECT_FALSE((*swaps)[2].in_memory);
  EXPECT_TRUE((*swaps)[3].encrypted);
}

TEST_F(Gathering, TheControlGroupsOnTheWayUpAllCount) {
  put("proc/self/cgroup", "4:memory:/x\n0::/system.slice/lethe.service\n");
  put("proc/meminfo", "MemTotal:       16384 kB\nMemFree: 1 kB\n");
  put("proc/sys/vm/overcommit_memory", "2\n");
  put("sys/fs/cgroup/system.slice/lethe.service/memory.max", "max\n");
  put("sys/fs/cgroup/system.slice/lethe.service/memory.swap.max", "1048576\n");
  put("sys/fs/cgroup/system.slice/memory.max", "8388608\n");
  put("sys/fs/cgroup/memory.swap.max", "0\n");
  const MemoryFacts memory = gather_memory("self", root);
  EXPECT_EQ(memory.total, ByteCount{8'388'608});
  EXPECT_EQ(memory.swap_allowed, ByteCount{0});
  EXPECT_EQ(memory.overcommit, 2U);
}

TEST_F(Gathering, TheRelayThatRunsIsTheOneWithThisConfiguration) {
  using namespace std::string_literals;
  put_relay("100", "101", "lethe\0--config\0/etc/one.json\0"s, "/system.slice/lethe.service");
  put_relay("200", "201", "lethe\0--config=/etc/two.json\0"s, "/user.slice/session-1.scope");
  put_relay("300", "301", "lethe\0"s, "/machine.slice/libpod-0123.scope");
  const ProcessFacts one = gather_process("/etc/one.json", root);
  EXPECT_EQ(one.relay, 101);
  EXPECT_EQ(one.swapped, ByteCount{12 * 1'024});
  EXPECT_EQ(one.locked_limit, unlimited) << "the hard one: the relay raises its own";
  EXPECT_EQ(one.open_files, 1'024U);
  EXPECT_EQ(gather_place(one, root), Place::systemd);
  const ProcessFacts two = gather_process("/etc/two.json", root);
  EXPECT_EQ(two.relay, 201);
  EXPECT_EQ(gather_place(two, root), Place::shell);
  EXPECT_EQ(gather_place(gather_process("", root), root), Place::podman);
  put_relay("400", "401", "lethe\0--config\0/etc/four.json\0"s, "/system.slice/system-lethe.slice/lethe@a.service");
  EXPECT_EQ(gather_place(gather_process("/etc/four.json", root), root), Place::systemd) << "an instance";
  EXPECT_FALSE(gather_process("/etc/three.json", root).relay);
  EXPECT_FALSE(gather_process(std::nullopt, root).relay) << "a start asks for itself";
  put_relay("400", "401", "lethe\0"s, "/");
  EXPECT_FALSE(gather_process("", root).relay) << "which one?";
}

TEST_F(Gathering, ThisProcessIsAskedWhereNoRelayRuns) {
  put("proc/self/status", "Uid:\t0\t0\t0\t0\nCapEff:\t0000000000004000\nCapBnd:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\n");
  put("proc/self/limits", "Max locked memory         65536                65536                bytes     \n");
  put("proc/self/statm", "1000 200 100 10 0 90 0\n");
  const ProcessFacts process = gather_process("", root);
  EXPECT_TRUE(process.root && process.may_lock_without_limit);
  EXPECT_EQ(process.bounding_set, 0xa80425fbU);
  EXPECT_EQ(process.no_new_privileges, true);
  EXPECT_EQ(process.filtered, true);
  EXPECT_EQ(process.locked_limit, 65'536U);
  EXPECT_EQ(process.address_space, 1'000U * static_cast<ByteCount>(::sysconf(_SC_PAGESIZE)));
}

TEST_F(Gathering, AContainerIsKnownByWhatItsEngineLeavesThere) {
  put(".dockerenv", "");
  EXPECT_EQ(gather_place({}, root), Place::docker);
  put("run/.containerenv", "");
  EXPECT_EQ(gather_place({}, root), Place::podman);
  put("var/run/secrets/kubernetes.io/serviceaccount/token", "");
  EXPECT_EQ(gather_place({}, root), Place::kubernetes);
}

TEST_F(Gathering, TheUnitSaysWhatTheRelayWillHave) {
  ProcessFacts process;
  process.may_lock_without_limit = true;
  MemoryFacts memory;
  apply_unit(process, memory, root);
  EXPECT_FALSE(process.locked_limit) << "there is no unit";
  put("usr/lib/systemd/system/lethe.service", "[Service]\nLimitMEMLOCK=infinity\nLimitNOFILE=1:2\n");
  EXPECT_TRUE(unit_is_installed(root));
  put("etc/systemd/system/lethe.service", "[Service]\n#LimitMEMLOCK=infinity\nLimitNOFILE=2000:4000\nMemorySwapMax=0\nMemoryMax=2G\n");
  apply_unit(process, memory, root);
  EXPECT_EQ(process.locked_limit, 8'388'608U) << "systemd's default";
  EXPECT_EQ(process.open_files, 2'000U);
  EXPECT_EQ(memory.swap_allowed, ByteCount{0});
  EXPECT_EQ(memory.total, ByteCount{2} << 30);
  EXPECT_FALSE(process.may_lock_without_limit);
  put("etc/systemd/system/lethe.service.d/10.conf", "[Service]\nLimitMEMLOCK=1M\n");
  put("etc/systemd/system/lethe.service.d/20.conf", "[Service]\nLimitMEMLOCK=infinity\n");
  apply_unit(process, memory, root);
  EXPECT_EQ(process.locked_limit, unlimited);
}

TEST_F(Gathering, AnInstalledUnitDecidesForARelayThatDoesNotRun) {
  put("etc/systemd/system/lethe.service", "[Service]\nLimitMEMLOCK=infinity\n");
  EXPECT_EQ(gather(ops::Config{}, "", root).host.place, Place::systemd);
  EXPECT_EQ(gather(ops::Config{}, "", root).process.locked_limit, unlimited);
  EXPECT_EQ(gather(ops::Config{}, std::nullopt, root).host.place, Place::shell) << "a start has what it has";
}

TEST_F(Gathering, CrashesAndSleep) {
  put("proc/sys/kernel/core_pattern", "|/usr/share/apport/apport -p%p\n");
  put("sys/kernel/kexec_crash_loaded", "1\n");
  put("sys/power/state", "freeze mem disk\n");
  put("sys/power/disk", "[platform] shutdown\n");
  put("sys/power/resume", "8:2\n");
  const CrashFacts facts = gather_crash(root);
  EXPECT_EQ(facts.core_pattern, "|/usr/share/apport/apport -p%p");
  EXPECT_EQ(facts.crash_kernel, true);
  EXPECT_EQ(facts.can_hibernate, true);
  EXPECT_TRUE(facts.has_resume_device);
  put("sys/power/disk", "[disabled]\n");
  put("sys/power/resume", "0:0\n");
  EXPECT_EQ(gather_crash(root).can_hibernate, false);
  EXPECT_FALSE(gather_crash(root).has_resume_device);
  put("sys/power/disk", "[platform]\n");
  put("sys/power/state", "mem\n");
  EXPECT_EQ(gather_crash(root).can_hibernate, false);
}

TEST_F(Gathering, NetworkHostAndKernel) {
  put("proc/sys/net/core/somaxconn", "128\n");
  put("proc/sys/net/ipv4/tcp_max_syn_backlog", "256\n");
  put("proc/sys/net/ipv4/tcp_syncookies", "0\n");
  put("proc/sys/net/netfilter/nf_conntrack_max", "65536\n");
  put("proc/sys/fs/file-max", "9223372036854775807\n");
  put("proc/sys/kernel/osrelease", "6.1.0-13-amd64\n");
  put("proc/cpuinfo", "model name : x\nflags\t\t: fpu hypervisor lahf_lm\n");
  put("proc/self/mounts", "proc /proc proc rw 0 0\noverlay / overlay ro,relatime 0 0\n");
  put("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
  fs::create_directories(root / "var/log/journal");
  const NetworkFacts network = gather_network(root);
  EXPECT_EQ(network.backlog, 128U);
  EXPECT_EQ(network.half_open, 256U);
  EXPECT_EQ(network.syn_cookies, false);
  EXPECT_EQ(network.tracked, 65'536U);
  const HostFacts host = gather_host(root);
  EXPECT_EQ(host.files_of_machine, 9'223'372'036'854'775'807U);
  EXPECT_EQ(host.clock_source, "hpet");
  EXPECT_FALSE(host.root_writable);
  EXPECT_TRUE(host.journal_on_disk);
  EXPECT_EQ(gather_kernel(root).release, "6.1.0-13-amd64");
  EXPECT_TRUE(gather_kernel(root).virtual_machine);
}

}  // namespace
}  // namespace lethe::doctor

#include "audit/report/report_words.hpp"

namespace lethe::audit {

const std::string_view promise =
    "Message bytes, and everything about a single message (ids, addresses, sizes, times), exist only in the memory of the relay "
    "process and the kernel's socket buffers. They are overwritten before the next event of their mailbox is handled after the "
    "acknowledgement, or at expiry, displacement, recall, refusal or shutdown. The process has no capability to write to storage "
    "or to open connections.";

std::span<const Claim> claims() noexcept {
  static constexpr std::array<Claim, probe_count> all = {{
      {ProbeId::capability, "The process has no capability to write to storage or to open connections.",
       "An allow-list of system calls (seccomp) over every thread; Landlock without an exception; file-size and core limits of 0; not "
       "dumpable; no privileges, no inherited descriptors, a clean environment.",
       "The live filter is read back and evaluated for every call; forbidden calls are made from inside of the process, and the "
       "kernel refuses them while the service goes on; descriptors, limits and privileges are read."},
      {ProbeId::storage, "Nothing of a message is on storage, before or after its acknowledgement.",
       "Payloads lie in memory that is locked against swapping and left out of core dumps; the process opens no file once it serves.",
       "A private file system, swap file and core handlers; every file event; bytes written; names, times and attributes; device and "
       "swap read directly, past the page cache, after every kind of end."},
      {ProbeId::memory, "Once a message is gone, no copy of it is in the process.",
       "A block is overwritten when its last reference goes; every other place that payload bytes pass is overwritten after use.",
       "Every readable mapping of every process is searched at each moment below. While a message waits it must be found there, or its "
       "memory must be unreadable; the relay's own count of dirty blocks must be 0."},
      {ProbeId::output, "No log line, metric or page names a message, an address, an id or a client's IP address.",
       "A log entry is an event of a closed list and numbers; another process, which sees no traffic, checks it and prints it.",
       "Every byte of the log, the metrics, the health pages and /.well-known/lethe is held against the closed grammar and searched."},
      {ProbeId::egress, "Only the listening ports talk.",
       "The system calls that make a socket are refused; TLS keeps no session cache and no key log.",
       "A network of its own, with every packet captured; false syslog and abstract sockets that must stay silent."},
  }};
  return all;
}

std::span<const Level> levels() noexcept {
  static constexpr std::array<Level, 5> all = {{
      {"T0", "An operator's mistake: verbose logs, a crash, swapping, a snapshot of the disk",
       "Nothing of a message is on storage, before or after its acknowledgement."},
      {"T1", "Code of someone else's runs inside of the relay process", "It cannot write to storage and cannot open a connection. It can use the connections that are open, and choose numbers in the log."},
      {"T2", "Root of the machine, reading only, after the acknowledgement", "No copy of the message is in the process."},
      {"T2\u2032", "Root of the machine, reading only, while the message waits",
       "No payload is readable in the process where its memory is secret (memfd_secret). Otherwise: no claim."},
      {"T3", "Root of the machine, acting (ptrace, BPF, a kernel module); the hypervisor; a snapshot of the machine's memory",
       "No claim. End-to-end encryption by the clients is the answer."},
  }};
  return all;
}

std::span<const std::string_view> limits_of_the_claim() noexcept {
  static constexpr std::array<std::string_view, 5> all = {
      "It holds for this binary and this kernel, by their digests and versions above, started with these flags.",
      "A search finds canaries in the forms that it knows. Bytes that were encrypted or compressed on the way are not found by a search; "
      "the capability probe and the counters of bytes written do not depend on a form.",
      "A search sees the moments at which it looks, not those between. That bytes are overwritten before the next event of their mailbox "
      "is a property of the program, held by its own tests.",
      "The kernel's socket buffers hold what is on its way, and the network shows sizes and times. Recipients keep what they received.",
      "These files are not signed. Whoever can change the directory can change the digests, too; sign SHA256SUMS to bind them.",
  };
  return all;
}

std::span<const Clause> clauses() noexcept {
  static constexpr std::array<Clause, 5> all = {{
      {"GDPR, Article 5(1)(e)", "Personal data is kept no longer than its purpose needs (storage limitation).",
       "P2, P3, and the longest times in each state"},
      {"GDPR, Article 25", "Data protection by design and by default.", "P1 and P4, with the lock-down strict by default"},
      {"GDPR, Article 32", "Security of processing, and a process for testing it regularly.", "P1 to P5, the planted leaks, the blind trial"},
      {"ISO/IEC 27001:2022, A.8.10", "Information is deleted when it is no longer required.", "P3, and the longest times in each state"},
      {"NIST SP 800-88", "Media are sanitised: cleared, purged or destroyed.",
       "P3 (memory is overwritten) and P2 (no storage medium has held a message)"},
  }};
  return all;
}

std::string_view meaning_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::pass: return "Nothing of a message was found where it must not be, and the audit was able to find it.";
    case Verdict::fail: return "Something was found, or succeeded, that the promise rules out.";
    case Verdict::inconclusive: break;
  }
  return "Nothing was found, but this audit could not have been relied on to find it.";
}

std::string_view next_step_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::pass: return "Sign SHA256SUMS and file the directory. Audit again after every change of binary, kernel or flags.";
    case Verdict::fail: return "Do not rely on this relay to forget. Look at the places above, then repeat the audit with the same seed.";
    case Verdict::inconclusive: break;
  }
  return "Take this for no result. Remove what kept the audit from looking, then repeat it with the same seed.";
}

}  // namespace lethe::audit

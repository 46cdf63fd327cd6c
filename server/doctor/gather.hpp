#pragma once
// Where the facts come from: files below `root` (/proc, /sys, /etc; tests make some up), questions to the kernel, and the
// certificate's files. Changes nothing, and opens what it reads for reading only.
#include <filesystem>
#include <optional>
#include <string>

#include "doctor/facts.hpp"
#include "ops/config.hpp"

namespace lethe::doctor {

// `file`: the configuration's path as it was given, empty where none was; the relay that runs is known by it. Without one, this
// process is the relay to be: nothing else that runs counts, nor what a unit would give. The configuration's own paths are
// taken as they are, not below `root`.
Facts gather(const ops::Config& config, const std::optional<std::string>& file, const std::filesystem::path& root = "/");

// Its parts. Of a process they take the number, or «self».
ProcessFacts gather_process(const std::optional<std::string>& file, const std::filesystem::path& root);
Place gather_place(const ProcessFacts& process, const std::filesystem::path& root);
// What the unit of systemd says in place of this process' own limits; drop-ins included. Nothing where it isn't installed.
void apply_unit(ProcessFacts& process, MemoryFacts& memory, const std::filesystem::path& root);
bool unit_is_installed(const std::filesystem::path& root);
MemoryFacts gather_memory(const std::string& process, const std::filesystem::path& root);
CrashFacts gather_crash(const std::filesystem::path& root);
NetworkFacts gather_network(const std::filesystem::path& root);
HostFacts gather_host(const std::filesystem::path& root);
// From files; the rest of KernelFacts and of HostFacts is asked of the kernel that runs.
KernelFacts gather_kernel(const std::filesystem::path& root);
void ask_kernel(KernelFacts& kernel, HostFacts& host);
CertificateFacts gather_certificate(const ops::TlsConfig& tls, const std::string& name);

}  // namespace lethe::doctor

#pragma once
// Landlock (landlock(7)): the second wall. No rule is given, so everything that it can deny is denied: opening, making,
// renaming and removing files, binding and connecting TCP sockets, abstract sockets and signals to others.
namespace lethe::lockdown {

// The kernel's version of Landlock; 0 where it has none or it is switched off.
unsigned landlock_abi() noexcept;

// For the calling thread and those that it will start. Needs no_new_privs. All rights of the given version are denied, as
// far as this program knows them (up to version 7); where the version has audit records, they are off: they hold paths.
// Checked by an attempt to open "/". Returns 0 or errno; ENOSYS for version 0, EBADE if the attempt succeeded.
int enforce_landlock(unsigned abi) noexcept;

}  // namespace lethe::lockdown

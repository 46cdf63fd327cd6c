#pragma once
// Capabilities (capabilities(7)) by the raw calls: libcap would be one more library in the process. Of the calling thread.
namespace lethe::lockdown {

// Gives up supplementary groups, the bounding set, ambient, inheritable, permitted and effective capabilities. Groups and
// bounding set stay where the process lacks the capability to give them up (it did not start as root); both are then of no
// use to it, for it can execute nothing. The user id stays. Returns 0 or errno.
int drop_capabilities() noexcept;

// None permitted, effective or inheritable; then there is none ambient either, for the kernel keeps those within.
bool holds_no_capability() noexcept;
bool bounding_set_is_empty() noexcept;

}  // namespace lethe::lockdown

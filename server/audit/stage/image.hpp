#pragma once
// A container image as a Launch: its files in a directory, its entry point to be run in them by chroot, in the auditor's own
// namespaces and without its engine. What the engine would add (a read-only root, dropped capabilities, volumes, a log driver,
// limits) is therefore not part of it, but for the locked memory that the relay needs: no limit, or the capability for it.
#include <string>

#include "audit/stage/launch.hpp"

namespace lethe::audit {

// Unpacks `image` with podman or docker into `directory`/root, mounts there /proc and the few devices that every container has, and
// takes entry point, command, environment, user and working directory from the image. Needs root and a mount namespace. Throws
// std::runtime_error with what went wrong.
Launch launch_of_image(const std::string& image, const std::string& directory);

// The part of it that reads what `image inspect` prints (a JSON array of one).
Launch read_image_settings(const std::string& inspected, const std::string& root);

}  // namespace lethe::audit

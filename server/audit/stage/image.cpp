#include "audit/stage/image.hpp"

#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "audit/stage/run_to_end.hpp"

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

const std::vector<Words> engines = {{"podman"}, {"podman", "--storage-driver", "vfs"}, {"docker"}};

Words with(Words words, std::initializer_list<std::string> more) {
  words.insert(words.end(), more);
  return words;
}

std::string demand(const Words& words) {
  const Ended ended = run_program(words);
  if (ended.status != 0) throw std::runtime_error{words.front() + " " + words[1] + " failed: " + ended.err};
  return ended.out.substr(0, ended.out.find_last_not_of(" \n") + 1);
}

void unpack(const Words& engine, const std::string& image, const std::string& root) {
  const std::string archive = root + ".tar";
  const std::string container = demand(with(engine, {"create", image}));
  const Ended exported = run_program(with(engine, {"export", "--output", archive, container}));
  demand(with(engine, {"rm", container}));
  if (exported.status != 0) throw std::runtime_error{"the image can't be exported: " + exported.err};
  fs::create_directories(root);
  demand({"tar", "--extract", "--numeric-owner", "--file", archive, "--directory", root});
  fs::remove(archive);
}

void bind_below(const std::string& from, const std::string& to) {
  if (fs::is_directory(from)) fs::create_directories(to);
  else std::ofstream{to};
  if (::mount(from.c_str(), to.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) throw std::runtime_error{to + " can't be mounted"};
}

// «user», «uid», «user:group», «uid:gid»; names as the image's own /etc/passwd has them.
void set_user(Launch& launch, const std::string& user) {
  const std::string name = user.substr(0, user.find(':'));
  const auto is_number = [](const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos; };
  if (is_number(name)) {
    launch.user = static_cast<uid_t>(std::stoul(name));
    const std::string group = user.find(':') == std::string::npos ? std::string{} : user.substr(user.find(':') + 1);
    launch.group = is_number(group) ? static_cast<gid_t>(std::stoul(group)) : launch.user;
    return;
  }
  std::ifstream users{launch.root + "/etc/passwd"};
  for (std::string line; std::getline(users, line);) {
    std::istringstream fields{line};
    std::string found, password, uid, gid;
    std::getline(fields, found, ':');
    std::getline(fields, password, ':');
    std::getline(fields, uid, ':');
    std::getline(fields, gid, ':');
    if (found != name || !is_number(uid) || !is_number(gid)) continue;
    launch.user = static_cast<uid_t>(std::stoul(uid));
    launch.group = static_cast<gid_t>(std::stoul(gid));
    return;
  }
  throw std::runtime_error{"the image has no user " + name};
}

// The program where the image's PATH has it.
std::string program_of(const std::string& name, const Launch& launch) {
  if (name.find('/') != std::string::npos) return name;
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  for (const std::string& variable : launch.environment) {
    if (variable.starts_with("PATH=")) path = variable.substr(5);
  }
  std::istringstream folders{path};
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (fs::exists(launch.root + folder + "/" + name)) return folder + "/" + name;
  }
  throw std::runtime_error{"the image's entry point is not in it"};
}

}  // namespace

Launch read_image_settings(const std::string& inspected, const std::string& root) {
  const auto list = nlohmann::json::parse(inspected, nullptr, false);
  if (!list.is_array() || list.empty() || !list[0].contains("Config")) throw std::runtime_error{"the image's settings can't be read"};
  const auto& config = list[0]["Config"];
  const auto words = [&](const char* field) {
    const auto found = config.find(field);
    return found != config.end() && found->is_array() ? found->get<Words>() : Words{};
  };
  Launch launch;
  launch.root = root;
  launch.environment = words("Env");
  Words command = words("Entrypoint");
  const Words rest = words("Cmd");
  command.insert(command.end(), rest.begin(), rest.end());
  if (command.empty()) throw std::runtime_error{"the image has no entry point"};
  launch.program = program_of(command.front(), launch);
  launch.arguments.assign(command.begin() + 1, command.end());
  launch.working_directory = config.value("WorkingDir", std::string{});
  if (const std::string user = config.value("User", std::string{}); !user.empty()) set_user(launch, user);
  return launch;
}

Launch launch_of_image(const std::string& image, const std::string& directory) {
  const std::string root = directory + "/root";
  for (const Words& engine : engines) {
    const Ended inspected = run_program(with(engine, {"image", "inspect", image}));
    if (inspected.status != 0) continue;
    unpack(engine, image, root);
    Launch launch = read_image_settings(inspected.out, root);
    bind_below("/proc", root + "/proc");
    fs::create_directories(root + "/dev");
    for (const char* const device : {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"}) bind_below(device, root + device);
    return launch;
  }
  throw std::runtime_error{"neither podman nor docker has an image " + image};
}

}  // namespace lethe::audit

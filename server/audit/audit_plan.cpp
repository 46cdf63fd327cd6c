#include "audit/audit_plan.hpp"

namespace lethe::audit {
namespace {

// A relay that serves others: nothing is sent through it and it is not stopped.
Scenario only_looked_at() {
  Scenario scenario;
  scenario.ending = Ending::run_on;
  return scenario;
}

}  // namespace

std::vector<TrialOrder> plan_trials(const AuditOptions& options, const Launch& launch, std::uint64_t seed, const std::string& directory,
                                    unsigned cores) {
  const bool running = options.pid != 0;
  std::vector<TrialOrder> orders;
  for (const Scenario& scenario : running ? std::vector{only_looked_at()} : plan(options.full, cores)) {
    TrialOrder order;
    order.number = orders.size() + 1;
    order.id = "audit-" + std::to_string(order.number);
    order.scenario = scenario;
    order.launch = launch;
    order.seed = seed;
    order.directory = directory;
    order.attach = options.pid;
    orders.push_back(std::move(order));
  }
  return orders;
}

std::vector<NotChecked> left_out(const AuditOptions& options) {
  if (options.pid != 0) {
    const std::string why = "it serves others, and was neither disturbed nor stopped";
    return {
        {"that waiting and acknowledged messages are found and gone in this process's memory", why},
        {"calls made from inside of the process", why},
        {"storage, from before its start to after its end, and crashes", why},
        {"every byte that it has written to its log", "its output goes elsewhere"},
        {"what it has sent since its start", why},
    };
  }
  if (!options.image.empty()) {
    return {{"what the container engine adds: a read-only root, dropped capabilities, its own filter, volumes, limits, the log driver",
             "the image's entry point ran in the auditor's namespaces, by chroot into the image's files, without the engine"}};
  }
  return {};
}

}  // namespace lethe::audit

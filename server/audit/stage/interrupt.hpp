#pragma once
// Ctrl-C and SIGTERM to the auditor. The first one is noticed at the next step, so that everything is undone in order; the second
// one ends the program at once.
namespace lethe::audit {

// Not an error, so no std::exception: nothing that reports errors swallows it.
struct Interrupted {};

void notice_interrupts();
bool interrupted() noexcept;
// Throws Interrupted after a signal.
void check_interrupt();

}  // namespace lethe::audit

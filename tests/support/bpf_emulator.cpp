#include "support/bpf_emulator.hpp"

#include <cstring>
#include <stdexcept>

namespace lethe::testing {
namespace {

std::uint32_t load(const seccomp_data& call, std::uint32_t offset) {
  std::uint32_t word = 0;
  if (offset % sizeof word != 0 || offset > sizeof call - sizeof word) throw std::runtime_error{"a load out of bounds"};
  std::memcpy(&word, reinterpret_cast<const char*>(&call) + offset, sizeof word);
  return word;
}

// The instructions to skip: a conditional jump has one number for either outcome.
std::uint32_t jump(const sock_filter& step, std::uint32_t accumulator) {
  switch (step.code) {
    case BPF_JMP | BPF_JA: return step.k;
    case BPF_JMP | BPF_JEQ | BPF_K: return accumulator == step.k ? step.jt : step.jf;
    case BPF_JMP | BPF_JGT | BPF_K: return accumulator > step.k ? step.jt : step.jf;
    case BPF_JMP | BPF_JGE | BPF_K: return accumulator >= step.k ? step.jt : step.jf;
    case BPF_JMP | BPF_JSET | BPF_K: return (accumulator & step.k) != 0 ? step.jt : step.jf;
    default: throw std::runtime_error{"an instruction that libseccomp doesn't use"};
  }
}

}  // namespace

std::uint32_t evaluate(std::span<const sock_filter> program, const seccomp_data& call) {
  std::uint32_t accumulator = 0;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const sock_filter& step = program[at];
    if (step.code == (BPF_RET | BPF_K)) return step.k;
    if (step.code == (BPF_LD | BPF_W | BPF_ABS)) accumulator = load(call, step.k);
    else if (step.code == (BPF_ALU | BPF_AND | BPF_K)) accumulator &= step.k;
    else at += jump(step, accumulator);
  }
  throw std::runtime_error{"a way that ends without a return"};
}

}  // namespace lethe::testing

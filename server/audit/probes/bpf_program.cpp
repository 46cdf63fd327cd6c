#include "audit/probes/bpf_program.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <set>
#include <tuple>

namespace lethe::audit {
namespace {

using Word = std::optional<std::uint32_t>;   // absent: could be anything

// Registers of the machine on one path.
struct Machine {
  std::size_t at = 0;
  Word a = 0;
  Word x = 0;
  std::array<Word, BPF_MEMWORDS> memory{};
};

Word arithmetic(std::uint16_t operation, Word a, Word operand) {
  if (operation == BPF_NEG) return a ? Word{0U - *a} : Word{};
  if (!a || !operand) return {};
  const std::uint32_t value = *operand;
  switch (operation) {
    case BPF_ADD: return *a + value;
    case BPF_SUB: return *a - value;
    case BPF_MUL: return *a * value;
    case BPF_DIV: return value == 0 ? 0 : *a / value;
    case BPF_OR: return *a | value;
    case BPF_AND: return *a & value;
    case BPF_XOR: return *a ^ value;
    case BPF_LSH: return value > 31 ? 0 : *a << value;
    case BPF_RSH: return value > 31 ? 0 : *a >> value;
    default: return {};
  }
}

std::optional<bool> compare(std::uint16_t operation, Word a, Word operand) {
  if (!a || !operand) return {};
  switch (operation) {
    case BPF_JEQ: return *a == *operand;
    case BPF_JGT: return *a > *operand;
    case BPF_JGE: return *a >= *operand;
    default: return (*a & *operand) != 0;
  }
}

// Runs what isn't a jump or a return.
template <class Load>
void step(Machine& machine, const sock_filter& code, Load load) {
  const auto slot = static_cast<std::size_t>(code.k % BPF_MEMWORDS);
  switch (BPF_CLASS(code.code)) {
    case BPF_LD:
      machine.a = BPF_MODE(code.code) == BPF_ABS ? load(code.k) : BPF_MODE(code.code) == BPF_MEM ? machine.memory[slot]
                : BPF_MODE(code.code) == BPF_LEN ? Word{sizeof(seccomp_data)} : Word{code.k};
      break;
    case BPF_LDX: machine.x = BPF_MODE(code.code) == BPF_MEM ? machine.memory[slot] : BPF_MODE(code.code) == BPF_LEN ? Word{sizeof(seccomp_data)} : Word{code.k}; break;
    case BPF_ST: machine.memory[slot] = machine.a; break;
    case BPF_STX: machine.memory[slot] = machine.x; break;
    case BPF_ALU: machine.a = arithmetic(BPF_OP(code.code), machine.a, BPF_SRC(code.code) == BPF_X ? machine.x : Word{code.k}); break;
    case BPF_MISC:
      if (BPF_MISCOP(code.code) == BPF_TAX) machine.x = machine.a;
      else machine.a = machine.x;
      break;
    default: break;
  }
  ++machine.at;
}

std::uint32_t severity(std::uint32_t action) noexcept {
  // Read as a signed number, the smallest action is the most severe.
  return (action & SECCOMP_RET_ACTION_FULL) ^ 0x8000'0000U;
}

}  // namespace

bool allows(std::uint32_t action) noexcept {
  const std::uint32_t kind = action & SECCOMP_RET_ACTION_FULL;
  return kind == SECCOMP_RET_ALLOW || kind == SECCOMP_RET_LOG;
}

std::uint32_t BpfProgram::run(const seccomp_data& call) const noexcept {
  Machine machine;
  const auto load = [&call](std::uint32_t offset) -> Word {
    std::uint32_t word = 0;
    if (offset + sizeof word > sizeof call) return {};
    std::memcpy(&word, reinterpret_cast<const char*>(&call) + offset, sizeof word);
    return word;
  };
  while (machine.at < code_.size()) {
    const sock_filter& code = code_[machine.at];
    if (BPF_CLASS(code.code) == BPF_RET) return BPF_RVAL(code.code) == BPF_A ? machine.a.value_or(SECCOMP_RET_KILL_PROCESS) : code.k;
    if (BPF_CLASS(code.code) != BPF_JMP) {
      step(machine, code, load);
    } else if (BPF_OP(code.code) == BPF_JA) {
      machine.at += 1 + code.k;
    } else {
      const auto taken = compare(BPF_OP(code.code), machine.a, BPF_SRC(code.code) == BPF_X ? machine.x : Word{code.k});
      machine.at += 1U + (taken.value_or(false) ? code.jt : code.jf);
    }
  }
  return SECCOMP_RET_KILL_PROCESS;
}

bool BpfProgram::may_allow(std::uint32_t architecture, std::uint32_t number) const {
  const auto load = [=](std::uint32_t offset) -> Word {
    if (offset == offsetof(seccomp_data, nr)) return number;
    if (offset == offsetof(seccomp_data, arch)) return architecture;
    return {};
  };
  std::vector<Machine> paths{Machine{}};
  std::set<std::tuple<std::size_t, Word, Word, std::array<Word, BPF_MEMWORDS>>> seen;
  while (!paths.empty()) {
    Machine machine = paths.back();
    paths.pop_back();
    if (machine.at >= code_.size() || !seen.insert({machine.at, machine.a, machine.x, machine.memory}).second) continue;
    const sock_filter& code = code_[machine.at];
    if (BPF_CLASS(code.code) == BPF_RET) {
      const Word action = BPF_RVAL(code.code) == BPF_A ? machine.a : Word{code.k};
      if (!action || allows(*action)) return true;
      continue;
    }
    if (BPF_CLASS(code.code) != BPF_JMP) {
      step(machine, code, load);
      paths.push_back(machine);
      continue;
    }
    if (BPF_OP(code.code) == BPF_JA) {
      machine.at += 1 + code.k;
      paths.push_back(machine);
      continue;
    }
    const auto taken = compare(BPF_OP(code.code), machine.a, BPF_SRC(code.code) == BPF_X ? machine.x : Word{code.k});
    for (const bool branch : {false, true}) {
      if (taken && *taken != branch) continue;
      Machine next = machine;
      next.at += 1U + (branch ? code.jt : code.jf);
      paths.push_back(next);
    }
  }
  return false;
}

std::string BpfProgram::sha256() const {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  EVP_Digest(code_.data(), code_.size() * sizeof(sock_filter), digest.data(), &size, EVP_sha256(), nullptr);
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::uint32_t run(const std::vector<BpfProgram>& filters, const seccomp_data& call) noexcept {
  std::uint32_t worst = SECCOMP_RET_ALLOW;
  for (const BpfProgram& filter : filters) {
    const std::uint32_t action = filter.run(call);
    if (severity(action) < severity(worst)) worst = action;
  }
  return worst;
}

bool may_allow(const std::vector<BpfProgram>& filters, std::uint32_t architecture, std::uint32_t number) {
  return std::ranges::all_of(filters, [=](const BpfProgram& filter) { return filter.may_allow(architecture, number); });
}

}  // namespace lethe::audit

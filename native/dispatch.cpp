#include "dispatch.hpp"

#include <cstdlib>
#include <stdexcept>

namespace chainrule {

namespace {

struct Isa {
  const char* name;
  const KernelTables* kernels;
  bool available;
};

// The instruction sets of this build, each better than the one before.
std::vector<Isa> isas() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512bw");
  return {{"baseline", &baseline_kernels, true},
          {"avx2", &avx2_kernels, avx2},
          {"avx512", &avx512_kernels, avx512}};
#elif defined(__aarch64__)
  return {{"neon", &neon_kernels, true}};
#else
  return {{"baseline", &baseline_kernels, true}};
#endif
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

struct Choice {
  std::string name;
  const KernelTables* kernels;
};

Choice choose() {
  const char* const wanted = std::getenv("CHAINRULE_ISA");
  const bool is_free = wanted == nullptr || *wanted == '\0';
  Choice choice{};
  for (const Isa& isa : isas())
    if (isa.available && (is_free || isa.name == std::string(wanted)))
      choice = {isa.name, isa.kernels};
  if (choice.kernels == nullptr)
    throw std::runtime_error("CHAINRULE_ISA is '" + std::string(wanted) +
                             "', and this machine can run " + joined(available_isas()) +
                             "; set it to one of these, or unset it for the best");
  return choice;
}

const Choice& choice() {
  static const Choice chosen = choose();
  return chosen;
}

}  // namespace

std::vector<std::string> available_isas() {
  std::vector<std::string> names;
  for (const Isa& isa : isas())
    if (isa.available) names.emplace_back(isa.name);
  return names;
}

const std::string& chosen_isa() { return choice().name; }

const KernelTables& chosen_kernels() { return *choice().kernels; }

}  // namespace chainrule

// Which instruction set computes: chosen once, by what the processor can do and CHAINRULE_ISA.
#pragma once

#include <string>
#include <vector>

#include "network.hpp"

namespace chainrule {

struct KernelTables {
  Kernels<float> in_float;
  Kernels<double> in_double;
};

extern const KernelTables baseline_kernels, avx2_kernels, avx512_kernels, neon_kernels;

// The instruction sets that this machine can run, the best last.
std::vector<std::string> available_isas();

// The one in use. Throws std::runtime_error where CHAINRULE_ISA names one that is not available.
const std::string& chosen_isa();
const KernelTables& chosen_kernels();

template <class T>
const Kernels<T>& kernels() {
  if constexpr (sizeof(T) == 4) return chosen_kernels().in_float;
  else return chosen_kernels().in_double;
}

}  // namespace chainrule

// The kernels for x86-64 with AVX-512 (F, VL, DQ, BW). CMakeLists.txt says with which options.
#define CHAINRULE_ISA avx512
#include "../dispatch.hpp"
#include "../generic/table.hpp"

namespace chainrule {

const KernelTables avx512_kernels{avx512::table<float>(), avx512::table<double>()};

}  // namespace chainrule

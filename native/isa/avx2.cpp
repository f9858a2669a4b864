// The kernels for x86-64 with AVX2 and FMA. CMakeLists.txt says with which options.
#define CHAINRULE_ISA avx2
#include "../dispatch.hpp"
#include "../generic/table.hpp"

namespace chainrule {

const KernelTables avx2_kernels{avx2::table<float>(), avx2::table<double>()};

}  // namespace chainrule

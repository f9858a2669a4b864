// The kernels for AArch64. CMakeLists.txt says with which options.
#define CHAINRULE_ISA neon
#include "../dispatch.hpp"
#include "../generic/table.hpp"

namespace chainrule {

const KernelTables neon_kernels{neon::table<float>(), neon::table<double>()};

}  // namespace chainrule

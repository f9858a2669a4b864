// The kernels for any x86-64 (SSE2). CMakeLists.txt says with which options.
#define CHAINRULE_ISA baseline
#include "../dispatch.hpp"
#include "../generic/table.hpp"

namespace chainrule {

const KernelTables baseline_kernels{baseline::table<float>(), baseline::table<double>()};

}  // namespace chainrule

// The compiled module, chainrule._native: how it was built; bind_session.cpp has the rest.

#include <nanobind/nanobind.h>

#include <string>

#include "bind_session.hpp"
#include "pool.hpp"

namespace nb = nanobind;

static_assert(__cplusplus >= 202002L, "chainrule's native code is C++20");

namespace {

std::string compiler() {
#if defined(__clang__)
  return "Clang";
#elif defined(__GNUC__)
  return "GCC";
#else
  return "unknown";
#endif
}

std::string compiler_version() {
#if defined(__clang__)
  return std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
  return std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
         std::to_string(__GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

// 202002 gives "C++20".
std::string standard() { return "C++" + std::to_string(__cplusplus / 100 % 100); }

std::string architecture() {
#if defined(__x86_64__)
  return "x86_64";
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "unknown";
#endif
}

nb::dict build_info() {
  nb::dict info;
  info["compiler"] = nb::str(compiler().c_str());
  info["version"] = nb::str(compiler_version().c_str());
  info["standard"] = nb::str(standard().c_str());
  info["architecture"] = nb::str(architecture().c_str());
  return info;
}

}  // namespace

// For threadpoolctl, which finds functions of a shared library by their names.
extern "C" __attribute__((visibility("default"))) int chainrule_get_thread_limit() {
  return chainrule::thread_limit();
}
extern "C" __attribute__((visibility("default"))) void chainrule_set_thread_limit(int limit) {
  chainrule::set_thread_limit(limit);
}

NB_MODULE(_native, module) {
  module.doc() = "The compiled part of chainrule.";
  module.def("build_info", &build_info,
             "How this module was compiled.\n\n"
             "Returns\n"
             "-------\n"
             "dict of str to str\n"
             "    The compiler, its version, the C++ standard and the target architecture,\n"
             "    under the keys ``compiler``, ``version``, ``standard`` and ``architecture``.");
  define_sessions(module);
}

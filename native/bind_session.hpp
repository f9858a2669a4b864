#pragma once

#include <nanobind/nanobind.h>

void define_sessions(nanobind::module_& module);

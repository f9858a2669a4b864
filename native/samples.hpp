// The samples as Python has them: no array is copied for being of another type than the network's.
//
// What is done with every sample is inlined always, since the linker would keep one copy of it for
// all instruction sets.
#pragma once

#include <cstddef>
#include <cstdint>

namespace chainrule {

using index = std::int64_t;

#define CHAINRULE_INLINED __attribute__((always_inline))

// The rows of all steps, one after another; a null one stands for 0, 1, 2, ...
class Order {
 public:
  constexpr Order() = default;
  constexpr Order(std::nullptr_t) {}
  constexpr Order(const index* rows) : wide_(rows) {}
  constexpr Order(const std::int32_t* rows) : narrow_(rows) {}

  CHAINRULE_INLINED bool operator==(std::nullptr_t) const {
    return wide_ == nullptr && narrow_ == nullptr;
  }
  CHAINRULE_INLINED index operator[](index place) const {
    return narrow_ != nullptr ? narrow_[place] : wide_[place];
  }

 private:
  const index* wide_ = nullptr;
  const std::int32_t* narrow_ = nullptr;
};

// One number a sample, of either type; a null one stands for equal weights.
template <class T>
class Weights {
 public:
  constexpr Weights() = default;
  constexpr Weights(std::nullptr_t) {}
  constexpr Weights(const float* weights) : single_(weights) {}
  constexpr Weights(const double* weights) : double_(weights) {}

  CHAINRULE_INLINED bool operator==(std::nullptr_t) const {
    return single_ == nullptr && double_ == nullptr;
  }
  CHAINRULE_INLINED T operator[](index row) const {
    return double_ != nullptr ? static_cast<T>(double_[row]) : static_cast<T>(single_[row]);
  }

 private:
  const float* single_ = nullptr;
  const double* double_ = nullptr;
};

// How targets are written: an entry for each output, or the number of the one output that is 1.
enum class Written : int { float32, float64, int64, int32, uint8, label8, label16, label32 };

struct Targets {
  const void* data = nullptr;
  index stride = 0;  // entries between rows
  Written written = Written::float32;
};

template <class T>
constexpr Written own_type() {
  return sizeof(T) == sizeof(float) ? Written::float32 : Written::float64;
}

}  // namespace chainrule

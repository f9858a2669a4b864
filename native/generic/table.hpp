// What an instruction set offers to the rest of the program: its table of kernels.
#pragma once

#include "predict.hpp"
#include "step.hpp"

namespace chainrule::CHAINRULE_ISA {

template <class T>
void train(const Training<T>& call, index thread) {
  Trainer<T>(call, thread).train();
}

template <class T>
void gradient(const Training<T>& call, index thread) {
  Trainer<T>(call, thread).gradient();
}

inline bool same(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}

// Call `with` for an elementary function by its name; false where there is none.
template <class With>
inline bool with_function(const char* name, With&& with) {
  if (same(name, "exp")) with([]<class V>(V x) { return exp<V>(x); });
  else if (same(name, "expm1")) with([]<class V>(V x) { return expm1<V>(x); });
  else if (same(name, "log")) with([]<class V>(V x) { return log<V>(x); });
  else if (same(name, "log1p")) with([]<class V>(V x) { return log1p<V>(x); });
  else if (same(name, "tanh")) with([]<class V>(V x) { return tanh<V>(x); });
  else if (same(name, "logistic")) with([]<class V>(V x) { return logistic<V>(x); });
  else if (same(name, "softplus")) with([]<class V>(V x) { return softplus<V>(x); });
  else if (same(name, "normal_cdf")) with([]<class V>(V x) { return normal_cdf<V>(x); });
  else return false;
  return true;
}

template <class T>
bool elementary(const char* name, const T* x, T* y, index count) {
  using V = Vector<T>;
  return with_function(name, [&](auto function) {
    for (index k = 0; k < count; k += lanes<V>)
      store_first<V>(y + k, function(load_first<V>(x + k, count - k)), count - k);
  });
}

template <class T>
constexpr Kernels<T> table() {
  return {&train<T>, &gradient<T>, &predict<T>, &loss<T>, &pack<T>, &unpack<T>, &elementary<T>};
}

}  // namespace chainrule::CHAINRULE_ISA

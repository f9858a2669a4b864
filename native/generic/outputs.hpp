// The output functions and the losses, over samples side by side: a vector holds one output of as
// many samples as it has lanes, so that every sum over outputs is one chain for each sample.
//
// The formulas are those of src/chainrule/outputs and src/chainrule/losses.
#pragma once

#include "../network.hpp"
#include "elementary.hpp"

namespace chainrule::CHAINRULE_ISA {

// What the stage works on for one group of samples; entry u of each array is output u.
template <class V>
struct Samples {
  index n;         // outputs
  V* z;
  V* t;
  V* y;
  V* log_y;
  V* log_rest;     // log(1 - y)
  V top{}, sum{};  // of a softmax: the largest z, and the sum of e^(z - top)
};

template <class V>
inline V largest(const V* z, index n) {
  V top = z[0];
  for (index u = 1; u < n; ++u) top = at_least<V>(z[u], top);
  return top;
}

template <class V>
inline void softmax(Samples<V>& s) {
  s.top = largest<V>(s.z, s.n);
  s.sum = V{};
  for (index u = 0; u < s.n; ++u) s.sum += s.y[u] = exp<V>(s.z[u] - s.top);
  for (index u = 0; u < s.n; ++u) s.y[u] /= s.sum;
}

// y = s(z)
template <class V>
inline void evaluate_output(Output output, Samples<V>& s) {
  switch (output) {
    case Output::softmax: return softmax<V>(s);
    case Output::logistic:
      for (index u = 0; u < s.n; ++u) s.y[u] = logistic<V>(s.z[u]);
      return;
    case Output::exponential:
      for (index u = 0; u < s.n; ++u) s.y[u] = exp<V>(s.z[u]);
      return;
    case Output::identity:
      for (index u = 0; u < s.n; ++u) s.y[u] = s.z[u];
      return;
  }
}

// log(1 - y) of a softmax, given log y; for the largest output from the others, since 1 - y cancels
template <class V>
inline void log_one_minus_softmax(const V* z, const V* log_y, V* log_rest, index n) {
  using T = Element<V>;
  const V infinity = broadcast<V>(static_cast<T>(__builtin_inf()));
  const V top = largest<V>(z, n);
  Mask<V> found{};
  for (index u = 0; u < n; ++u) {  // the first of the largest is the one left out
    const Mask<V> is_largest = (z[u] == top) & ~found;
    found |= is_largest;
    log_rest[u] = select<V>(is_largest, -infinity, log_y[u]);
  }
  V shift = largest<V>(log_rest, n), sum{};
  for (index u = 0; u < n; ++u) sum += exp<V>(log_rest[u] - shift);
  const V of_largest = shift + log<V>(sum);
  for (index u = 0; u < n; ++u)
    log_rest[u] = select<V>(log_rest[u] == -infinity, of_largest, log1p<V>(-exp<V>(log_rest[u])));
}

struct Needs {
  bool log_y, log_rest;
};

inline Needs needs_of(Loss loss) {
  return {loss == Loss::cross_entropy || loss == Loss::binary_cross_entropy ||
              loss == Loss::poisson,
          loss == Loss::binary_cross_entropy};
}

// The logarithms from z, where they are exact.
template <class V>
inline void logarithms(Output output, Needs needs, const Samples<V>& s) {
  switch (output) {
    case Output::softmax: {
      const V log_sum = log<V>(s.sum);
      for (index u = 0; u < s.n; ++u) s.log_y[u] = (s.z[u] - s.top) - log_sum;
      if (needs.log_rest) log_one_minus_softmax<V>(s.z, s.log_y, s.log_rest, s.n);
      return;
    }
    case Output::logistic:
      for (index u = 0; u < s.n; ++u) s.log_y[u] = -softplus<V>(-s.z[u]);
      if (needs.log_rest)
        for (index u = 0; u < s.n; ++u) s.log_rest[u] = -softplus<V>(s.z[u]);
      return;
    case Output::exponential:
      for (index u = 0; u < s.n; ++u) s.log_y[u] = s.z[u];
      return;
    case Output::identity: return;
  }
}

template <class V>
inline V clipped(V y) {
  constexpr Element<V> eps = Format<Element<V>>::eps;
  return at_most<V>(at_least<V>(y, broadcast<V>(eps)), broadcast<V>(1 - eps));
}

// The logarithms of probabilities kept the machine epsilon away from 0 and 1.
template <class V>
inline void clipped_logarithms(Needs needs, const Samples<V>& s) {
  for (index u = 0; u < s.n; ++u) {
    const V y = clipped<V>(s.y[u]);
    s.log_y[u] = log<V>(y);
    if (needs.log_rest) s.log_rest[u] = log<V>(Element<V>(1) - y);
  }
}

}  // namespace chainrule::CHAINRULE_ISA

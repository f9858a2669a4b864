// The solvers' steps, over a block of parameters whose gradient has just been computed.
//
// The formulas are those of src/chainrule/training/solvers; g is the gradient of E, the penalty
// included.
#pragma once

#include "elementwise.hpp"

namespace chainrule::CHAINRULE_ISA {

// The numbers of one step.
template <class T>
struct StepNumbers {
  Solver solver;
  T l2;               // lambda
  T clip_factor;      // min(1, c/|g|)
  T clip_bound;       // of every entry, where `clips_values`
  bool clips_values;
  T rate, momentum;
  T beta_1, rest_1, beta_2, rest_2, epsilon;  // rest = 1 - beta
  T corrected_rate;   // eta sqrt(1 - beta_2^t)/(1 - beta_1^t)
  T decay;            // eta omega of decoupled weight decay
};

// v <- mu v - eta g, theta <- theta + v, or theta + mu v - eta g with the new v
template <bool nesterov>
struct GradientDescentStep {
  template <class V, class T = Element<V>>
  static V apply(const StepNumbers<T>& step, V theta, V g, T* slot_0, T*) {
    const V move = g * step.rate;
    const V v = fma<V>(broadcast<V>(step.momentum), load<V>(slot_0), -move);
    store<V>(slot_0, v);
    return theta + (nesterov ? fma<V>(broadcast<V>(step.momentum), v, -move) : v);
  }
};

// m <- beta_1 m + (1 - beta_1) g, v <- beta_2 v + (1 - beta_2) g^2,
// theta <- theta - (eta_t m/(sqrt(v) + eps) + eta omega theta)
struct AdamStep {
  template <class V, class T = Element<V>>
  static V apply(const StepNumbers<T>& step, V theta, V g, T* slot_0, T* slot_1) {
    const V m = fma<V>(broadcast<V>(step.beta_1), load<V>(slot_0), g * step.rest_1);
    const V v = fma<V>(broadcast<V>(step.beta_2), load<V>(slot_1), g * g * step.rest_2);
    store<V>(slot_0, m);
    store<V>(slot_1, v);
    const V move = (m * step.corrected_rate) / (square_root<V>(v) + step.epsilon);
    return theta - fma<V>(broadcast<V>(step.decay), theta, move);
  }
};

// A block of `rows` x `width` parameters, one row after another, with all that belongs to it.
template <class T>
struct Block {
  T* theta;
  T* slot_0;
  T* slot_1;
  const T* g;     // without the penalty
  index rows, width;
  T* squares;     // takes the sums of w^2 of each column, or null
};

template <class T>
inline void accumulate_squares(T* squares, const T* theta, index rows, index width) {
  with_width<T>(width, [&]<int Bytes>() {
    using V = Vector<T, Cover<Bytes>::vector_bytes>;
    constexpr int n = Bytes / int{sizeof(V)};
    V sum[n];
    for (int v = 0; v < n; ++v) sum[v] = load<V>(squares + v * lanes<V>);
    for (index row = 0; row < rows; ++row)
      for (int v = 0; v < n; ++v) {
        const V w = load<V>(theta + row * n * lanes<V> + v * lanes<V>);
        sum[v] = fma<V>(w, w, sum[v]);
      }
    for (int v = 0; v < n; ++v) store<V>(squares + v * lanes<V>, sum[v]);
  });
}

template <class Step, class T>
inline void update_by(const StepNumbers<T>& step, const Block<T>& block) {
  for_each_vector<T>(block.rows, block.width, block.width, [&]<class V>(index at) {
    const V theta = load<V>(block.theta + at);
    V g = fma<V>(broadcast<V>(step.l2), theta, load<V>(block.g + at)) * step.clip_factor;
    if (step.clips_values) {
      g = at_most<V>(g, broadcast<V>(step.clip_bound));
      g = at_least<V>(g, broadcast<V>(-step.clip_bound));
    }
    store<V>(block.theta + at,
             Step::template apply<V>(step, theta, g, block.slot_0 + at, block.slot_1 + at));
  });
  if (block.squares != nullptr)
    accumulate_squares<T>(block.squares, block.theta, block.rows, block.width);
}

// One step of the solver over a block.
template <class T>
inline void update(const StepNumbers<T>& step, const Block<T>& block) {
  switch (step.solver) {
    case Solver::gradient_descent: return update_by<GradientDescentStep<false>>(step, block);
    case Solver::nesterov: return update_by<GradientDescentStep<true>>(step, block);
    case Solver::adam: return update_by<AdamStep>(step, block);
  }
}

// The sum of P numbers by halves: always the same tree.
template <class T>
inline double tree_sum(T* numbers) {
  for (index half = panel<T> / 2; half > 0; half /= 2)
    for (index k = 0; k < half; ++k) numbers[k] += numbers[k + half];
  return static_cast<double>(numbers[0]);
}

}  // namespace chainrule::CHAINRULE_ISA

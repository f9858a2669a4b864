// The end of the way forward and the beginning of the way back: outputs, losses and Delta(L).
#pragma once

#include "losses.hpp"
#include "packing.hpp"

namespace chainrule::CHAINRULE_ISA {

// Five arrays of vectors in a thread's own memory, each for all outputs and as many more as a
// square needs.
template <class V, class T = Element<V>>
inline Samples<V> samples_in(T* memory, index n) {
  const index length = (n + lanes<V> - 1) / lanes<V> * lanes<V>;
  V* const first = reinterpret_cast<V*>(memory);
  return {n, first, first + length, first + 2 * length, first + 3 * length, first + 4 * length,
          V{}, V{}};
}

// z of samples j, j + 1, ... from the panels of Z(L), a vector an output.
template <class V, class T = Element<V>>
inline void take_samples(const T* Z, index spacing, index j, const Samples<V>& s) {
  for (index u = 0; u < s.n; u += lanes<V>) {
    const T* const from = Z + u / panel<T> * panel<T> * spacing + j * panel<T> + u % panel<T>;
    for (index k = 0; k < lanes<V>; ++k) s.z[u + k] = load<V>(from + k * panel<T>);
    transpose<V>(s.z + u);
  }
}

// Delta(L) back to the same place; columns beyond the outputs become zero.
template <class V, class T = Element<V>>
inline void give_samples(const Samples<V>& s, T* Z, index spacing, index j) {
  for (index u = 0; u < s.n; u += lanes<V>) {
    for (index k = s.n - u; k < lanes<V>; ++k) s.z[u + k] = V{};
    transpose<V>(s.z + u);
    T* const to = Z + u / panel<T> * panel<T> * spacing + j * panel<T> + u % panel<T>;
    for (index k = 0; k < lanes<V>; ++k) store<V>(to + k * panel<T>, s.z[u + k]);
  }
}

// Where the targets are of the network's own type.
template <class V, class T = Element<V>>
inline void take_own_targets(const Data<T>& data, index place, index count, const Samples<V>& s) {
  const T* const targets = static_cast<const T*>(data.targets.data);
  for (index u = 0; u < s.n; u += lanes<V>) {
    for (index k = 0; k < lanes<V>; ++k) {
      const index row = row_of(data, place + least(k, count - 1));
      s.t[u + k] = load_first<V>(targets + row * data.targets.stride + u, s.n - u);
    }
    transpose<V>(s.t + u);
  }
}

// Where they are numbers of another type.
template <class V, class Given, class T = Element<V>>
inline void take_other_targets(const Data<T>& data, index place, index count,
                               const Samples<V>& s) {
  const Given* const targets = static_cast<const Given*>(data.targets.data);
  for (index k = 0; k < lanes<V>; ++k) {
    const index row = row_of(data, place + least(k, count - 1));
    for (index u = 0; u < s.n; ++u)
      s.t[u][k] = static_cast<T>(targets[row * data.targets.stride + u]);
  }
}

// Where the output that is 1 is given by its number.
template <class V, class Label, class T = Element<V>>
inline void take_labels(const Data<T>& data, index place, index count, const Samples<V>& s) {
  const Label* const labels = static_cast<const Label*>(data.targets.data);
  for (index u = 0; u < s.n; ++u) s.t[u] = V{};
  for (index k = 0; k < lanes<V>; ++k) {
    const index row = row_of(data, place + least(k, count - 1));
    s.t[labels[row * data.targets.stride]][k] = T(1);
  }
}

template <class V, class T = Element<V>>
inline void take_targets(const Data<T>& data, index place, index count, const Samples<V>& s) {
  if (data.targets.written == own_type<T>()) return take_own_targets<V>(data, place, count, s);
  switch (data.targets.written) {
    case Written::float32: return take_other_targets<V, float>(data, place, count, s);
    case Written::float64: return take_other_targets<V, double>(data, place, count, s);
    case Written::int64: return take_other_targets<V, std::int64_t>(data, place, count, s);
    case Written::int32: return take_other_targets<V, std::int32_t>(data, place, count, s);
    case Written::uint8: return take_other_targets<V, std::uint8_t>(data, place, count, s);
    case Written::label8: return take_labels<V, std::uint8_t>(data, place, count, s);
    case Written::label16: return take_labels<V, std::uint16_t>(data, place, count, s);
    case Written::label32: return take_labels<V, std::int32_t>(data, place, count, s);
  }
}

// Y(L) of `count` samples to rows of a matrix that Python sees.
template <class V, class T = Element<V>>
inline void give_outputs(const Samples<V>& s, T* outputs, index stride, index count) {
  for (index u = 0; u < s.n; u += lanes<V>) {
    for (index k = s.n - u; k < lanes<V>; ++k) s.y[u + k] = V{};
    transpose<V>(s.y + u);
    for (index k = 0; k < count; ++k)
      store_first<V>(outputs + k * stride + u, s.y[u + k], s.n - u);
  }
}

// Whether each sample's targets are one 1 and zeros elsewhere.
template <class V>
inline bool is_one_hot(const Samples<V>& s) {
  const V one = broadcast<V>(1);
  V sum{};
  Mask<V> other{};
  for (index u = 0; u < s.n; ++u) {
    sum += s.t[u];
    other |= (s.t[u] != V{}) & (s.t[u] != one);
  }
  return none_set(other | (sum != one));
}

// The cross-entropy of a softmax with such targets, by the one logarithm that counts: to the bit
// what the sum over all outputs gives where they are finite.
template <class V>
inline V one_hot_cross_entropy(const Plan& plan, const Samples<V>& s) {
  if (plan.clips)
    return -log<V>(clipped<V>(sum_of<V>(s.n, [&](index u) { return s.t[u] * s.y[u]; })));
  return -((sum_of<V>(s.n, [&](index u) { return s.t[u] * s.z[u]; }) - s.top) - log<V>(s.sum));
}

template <class V>
inline V losses_of(const Plan& plan, const Samples<V>& s) {
  if (plan.loss == Loss::cross_entropy && plan.output == Output::softmax && is_one_hot<V>(s))
    return one_hot_cross_entropy<V>(plan, s);
  const Needs needs = needs_of(plan.loss);
  if (needs.log_y && plan.clips) clipped_logarithms<V>(needs, s);
  else if (needs.log_y) logarithms<V>(plan.output, needs, s);
  return loss_value<V>(plan, s);
}

template <class T>
struct OutputArguments {
  const Plan* plan;
  const Data<T>* data;
  index place;       // where the chunk begins in the order of the samples
  T* Z;              // Z(L) in panels, becomes Delta(L)
  index spacing;
  T* memory;         // this thread's own
  T* outputs;        // Y(L) of the chunk, row-major, or null
  index outputs_stride;
  T* sample_losses;  // of the chunk, or null
  const T* shares;   // of the chunk; null where no Delta is wanted
};

// Rows begin at a multiple of 16, and Z has memory for whole groups of samples.
template <class T>
inline void output_stage(const OutputArguments<T>& given, Rows rows) {
  using V = Vector<T>;
  const Plan& plan = *given.plan;
  Samples<V> s = samples_in<V>(given.memory, plan.last().n_out);
  for (index j = rows.first; j < rows.last; j += lanes<V>) {
    const index count = least(lanes<V>, rows.last - j);
    take_samples<V>(given.Z, given.spacing, j, s);
    evaluate_output<V>(plan.output, s);
    if (given.sample_losses != nullptr) {
      take_targets<V>(*given.data, given.place + j, count, s);
      store_first<V>(given.sample_losses + j, losses_of<V>(plan, s), count);
    }
    if (given.shares != nullptr) {
      output_delta<V>(plan, s, load_first<V>(given.shares + j, count));
      give_samples<V>(s, given.Z, given.spacing, j);
    }
    if (given.outputs != nullptr)
      give_outputs<V>(s, given.outputs + j * given.outputs_stride, given.outputs_stride, count);
  }
}

}  // namespace chainrule::CHAINRULE_ISA

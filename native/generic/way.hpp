// The way of a chunk of samples through the network and back: everything but the parameters.
//
// A thread goes it alone with its own rows, so that nobody waits between layers.
#pragma once

#include "dropout.hpp"
#include "output_stage.hpp"
#include "sparse.hpp"

namespace chainrule::CHAINRULE_ISA {

// The rows of one thread, in whole groups of 16 so that no two threads share a vector of samples.
inline Rows rows_of_thread(index m, index thread, index threads) {
  const index groups = (m + 15) / 16;
  return {least(m, groups * thread / threads * 16), least(m, groups * (thread + 1) / threads * 16)};
}

// One chunk: `m` samples that begin at `place` in the order and at row `first` of their batch.
template <class T>
struct Chunk {
  const Plan* plan;
  const Data<T>* data;
  const Scratch<T>* scratch;
  const T* parameters;
  index place, first, m;
};

// Y(1) ... Y(L-1) and Z(L). Without `rule` there is no dropout and no slope is kept.
template <class T>
inline void way_forward(const Chunk<T>& chunk, Rows rows, const Rule* rule, index step) {
  const Plan& plan = *chunk.plan;
  const Scratch<T>& scratch = *chunk.scratch;
  const bool is_sparse = chunk.data->values != nullptr;
  if (!is_sparse && scratch.rows != nullptr)
    find_inputs<T>(*chunk.data, chunk.place, rows, scratch.rows);
  else if (!is_sparse)
    gather_inputs<T>(*chunk.data, chunk.place, plan.layers[0].n_in, rows, scratch.Y[0],
                     scratch.spacing);
  for (index l = 0; l < plan.n_layers; ++l) {
    const Layer& layer = plan.layers[l];
    T* const slopes = rule == nullptr ? nullptr : scratch.slopes[l];
    const double rate = rule == nullptr || rule->dropout == nullptr || layer.is_last
                            ? 0.0 : rule->dropout[l];
    if (rate > 0) {
      const Philox philox{rule->dropout_seed, static_cast<std::uint64_t>(l + 1),
                          static_cast<std::uint64_t>(step)};
      dropout_mask<T>(philox, rate, layer.n_out, chunk.first, rows, slopes, scratch.spacing);
    }
    const ForwardArguments<T> given{&layer, chunk.parameters, scratch.Y[l],
                                    l == 0 ? scratch.rows : nullptr,
                                    scratch.Y[l + 1], slopes, rate > 0, scratch.spacing};
    if (l == 0 && is_sparse) forward_sparse<T>(given, *chunk.data, chunk.place, rows);
    else forward<T>(given, rows);
  }
}

// Losses and Delta(L), then Delta(L-1) ... Delta(1).
template <class T>
inline void way_back(const Chunk<T>& chunk, Rows rows, T* stage) {
  const Plan& plan = *chunk.plan;
  const Scratch<T>& scratch = *chunk.scratch;
  const index last = plan.n_layers;
  output_stage<T>({&plan, chunk.data, chunk.place, scratch.Y[last], scratch.spacing, stage,
                   nullptr, 0, scratch.sample_losses + chunk.first, scratch.shares + chunk.first},
                  rows);
  for (index l = last - 1; l > 0; --l)
    back<T>({plan.layers + l, scratch.transposed, scratch.deltas[l + 1], scratch.deltas[l],
             scratch.Y[l], scratch.slopes[l - 1], plan.layers[l - 1].activation, scratch.spacing},
            rows);
}

}  // namespace chainrule::CHAINRULE_ISA

// Outputs and losses of new samples, a chunk at a time so that all of it stays in the caches.
#pragma once

#include "tiles.hpp"
#include "way.hpp"

namespace chainrule::CHAINRULE_ISA {

// Rows [first, last) of the samples, by one thread with its own scratch memory.
template <class T>
void predict(const Prediction<T>& given) {
  const Plan& plan = *given.plan;
  for (index place = given.first; place < given.last; place += given.scratch.capacity) {
    const index m = least(given.scratch.capacity, given.last - place);
    const Chunk<T> chunk{&plan, &given.data, &given.scratch, given.parameters, place, 0, m};
    way_forward<T>(chunk, {0, m}, nullptr, 0);
    output_stage<T>(
        {&plan, &given.data, place, given.scratch.Y[plan.n_layers], given.scratch.spacing,
         given.scratch.stage[0],
         given.outputs == nullptr ? nullptr : given.outputs + place * given.outputs_stride,
         given.outputs_stride,
         given.sample_losses == nullptr ? nullptr : given.sample_losses + place, nullptr},
        {0, m});
  }
}

// E = sum w_j l_j / sum w + lambda/2 sum w^2, added up as in training.
template <class T>
double loss(const Evaluation<T>& given) {
  double total = static_cast<double>(given.m);
  if (given.weights != nullptr) {
    total = 0;
    for (index j = 0; j < given.m; ++j) total += static_cast<double>(given.weights[j]);
  }
  for (index j = 0; j < given.m; ++j)
    given.shares[j] = given.weights == nullptr ? static_cast<T>(1 / total)
                                               : given.weights[j] / static_cast<T>(total);
  const double mean = weighted_mean<T>(given.shares, given.sample_losses, given.m);
  if (given.l2 == 0) return mean;
  double squares = 0;
  for_tiles<T>(*given.plan, {0, given.plan->n_tiles}, [&](const Tile& tile) {
    squares += square_sum(given.parameters + weights_of(*given.plan, tile), tile.n, tile.width);
  });
  return mean + given.l2 / 2 * squares;
}

}  // namespace chainrule::CHAINRULE_ISA

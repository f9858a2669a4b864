// The list of tiles: squares of P x P weights of all layers, in which gradients are computed and
// parameters updated. Tiles of one panel of outputs follow one another.
#pragma once

#include "packing.hpp"
#include "solvers.hpp"

namespace chainrule::CHAINRULE_ISA {

struct Tile {
  index number;      // in the list
  index layer;       // from 0
  index u, width;    // outputs [u, u + width)
  index i, n;        // inputs [i, i + n)
};

// Call `with(tile)` for tiles [first, last) of the list.
template <class T, class With>
inline void for_tiles(const Plan& plan, Share share, With&& with) {
  constexpr index P = panel<T>;
  index number = 0;
  for (index l = 0; l < plan.n_layers && number < share.last_tile; ++l) {
    const Layer& layer = plan.layers[l];
    const index across = (layer.n_in + P - 1) / P, down = (layer.width_out + P - 1) / P;
    const index end = number + across * down;
    index at = number < share.first_tile ? share.first_tile : number;
    for (; at < least(end, share.last_tile); ++at) {
      const index u = (at - number) / across * P, i = (at - number) % across * P;
      with(Tile{at, l, u, panel_width<T>(layer.width_out, u), i, least(P, layer.n_in - i)});
    }
    number = end;
  }
}

// Where the weights of a tile begin in packed parameters.
inline index weights_of(const Plan& plan, const Tile& tile) {
  const Layer& layer = plan.layers[tile.layer];
  return layer.weights + tile.u * layer.n_in + tile.i * tile.width;
}

// The sum of w^2 over a tile.
template <class T>
inline double square_sum(const T* theta, index rows, index width) {
  alignas(64) T squares[panel<T>] = {};
  accumulate_squares<T>(squares, theta, rows, width);
  return tree_sum(squares);
}

template <class T>
void square_sums(const Plan& plan, Share share, const T* parameters, double* sums) {
  for_tiles<T>(plan, share, [&](const Tile& tile) {
    sums[tile.number] = square_sum(parameters + weights_of(plan, tile), tile.n, tile.width);
  });
}

// The sum of squares of a row of numbers, in eight chains.
template <class T>
inline double sum_of_squares(const T* numbers, index count) {
  double sums[8] = {};
  for (index k = 0; k < count; ++k)
    sums[k % 8] += static_cast<double>(numbers[k]) * static_cast<double>(numbers[k]);
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

// sum over the samples of share times loss, in eight chains whatever the instruction set.
template <class T>
double weighted_mean(const T* shares, const T* losses, index m) {
  double sums[8] = {};
  for (index j = 0; j < m; ++j)
    sums[j % 8] += static_cast<double>(shares[j]) * static_cast<double>(losses[j]);
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

}  // namespace chainrule::CHAINRULE_ISA

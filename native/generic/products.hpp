// The three products of a layer, over the rows of a chunk that one thread works on.
//
//   forward     Z = Y_in W^T + 1 b^T, then Y = f(Z)             a thread takes rows
//   back        Delta_in = (Delta W) o f'(Z_in)                 a thread takes rows
//   gradient    G = Y_in^T Delta, a tile of W^T at a time       a thread takes tiles
//
// Y, Delta: panels of columns, [panel][row][P], `spacing` rows each. W^T: panels of outputs, the
// last only as wide as needed. So what a product writes is what the next one reads.
#pragma once

#include "elementwise.hpp"

namespace chainrule::CHAINRULE_ISA {

// The rows of a chunk that one thread works on.
struct Rows {
  index first, last;
};

// So many rows at a time that their inputs stay in the L2 cache while all panels pass.
template <class T>
inline index rows_at_once(index depth) {
  constexpr index cache = 256 * 1024;
  const index rows = cache / (depth * static_cast<index>(sizeof(T)));
  return rows < 24 ? 24 : rows;
}

// Call `with.template operator()<Bytes>(first column, first row, rows)` for all tiles of a product
// with `depth` terms and `width` columns.
template <class T, class With>
inline void for_each_tile(Rows rows, index depth, index width, With&& with) {
  in_blocks(rows.first, rows.last, rows_at_once<T>(depth), [&](index from, index count) {
    for (index column = 0; column < width; column += panel<T>)
      with_width<T>(panel_width<T>(width, column), [&]<int Bytes>() {
        in_blocks(from, from + count, Cover<Bytes>::max_rows, [&](index row, index height) {
          with.template operator()<Bytes>(column, row, height);
        });
      });
  });
}

template <class T>
struct ForwardArguments {
  const Layer* layer;
  const T* parameters;
  const T* Y_in;         // in panels,
  const T* const* rows;  // or, where this is not null, row by row
  T* Y;
  T* slopes;
  bool masked;
  index spacing;
};

template <class T>
inline void forward(const ForwardArguments<T>& given, Rows rows) {
  const Layer& layer = *given.layer;
  const T* const W_T = given.parameters + layer.weights;
  const T* const b = given.parameters + layer.bias;
  for_each_tile<T>(rows, layer.n_in, layer.width_out, [&]<int Bytes>(index u, index j, index n) {
    constexpr index width = Bytes / index{sizeof(T)};
    const index at = u * given.spacing + j * panel<T>;
    // Z = 1 b^T + Y_in W^T
    TileArguments<T> product{nullptr, 0, W_T + u * layer.n_in, width, layer.n_in,
                             given.Y + at, panel<T>, b + u, 0};
    if (given.rows != nullptr) {
      product.rows = given.rows + j;
      tile_of_rows<Bytes, Reads::rows_along>(n, product);
    } else {
      product.a = given.Y_in + j * panel<T>;
      product.a_next = given.spacing * panel<T>;
      tile_of_rows<Bytes, Reads::along>(n, product);
    }
    // Y = f(Z), at the end left to the output
    if (!layer.is_last)
      activate<T>(layer.activation, given.Y + at,
                  given.slopes == nullptr ? nullptr : given.slopes + at, given.masked, n, width);
  });
}

template <class T>
struct BackArguments {
  const Layer* layer;    // l
  const T* transposed;   // the store of W
  const T* delta;        // Delta(l)
  T* delta_in;           // Delta(l-1)
  const T* Y_in;         // Y(l-1)
  const T* slopes_in;    // or null
  Activation activation_in;
  index spacing;
};

template <class T>
inline constexpr T zeros[panel<T>] = {};

template <class T>
inline void back(const BackArguments<T>& given, Rows rows) {
  const Layer& layer = *given.layer;
  const T* const W = given.transposed + layer.transposed;
  for_each_tile<T>(rows, layer.n_out, layer.width_in, [&]<int Bytes>(index i, index j, index n) {
    constexpr index width = Bytes / index{sizeof(T)};
    const index at = i * given.spacing + j * panel<T>;
    // D = Delta W
    tile_of_rows<Bytes, Reads::along>(
        n, TileArguments<T>{given.delta + j * panel<T>, given.spacing * panel<T>,
                            W + i * layer.n_out, width, layer.n_out, given.delta_in + at, panel<T>,
                            zeros<T>, 0});
    // Delta_in = D o f'(Z_in)
    times_slopes<T>(given.activation_in, given.delta_in + at, given.Y_in + at,
                    given.slopes_in == nullptr ? nullptr : given.slopes_in + at, n, width);
  });
}

// The inputs of a layer over a chunk, in panels or row by row.
template <class T>
struct Inputs {
  const T* Y_in;
  const T* const* rows;
};

// Rows [i, i + n) of one tile of G = Y_in^T Delta, n at most Cover<Bytes>::max_rows: over the
// samples [0, m) of the chunk, on top of `start`.
template <int Bytes, class T>
inline void gradient_rows(const Inputs<T>& inputs, const T* delta, index spacing, index m, index i,
                          index n, index u, T* G, const T* start, index start_stride) {
  constexpr index width = Bytes / index{sizeof(T)}, P = panel<T>;
  TileArguments<T> product{nullptr, 0, delta + u * spacing, P, m, G, width, start, start_stride};
  if (inputs.rows != nullptr) {
    product.rows = inputs.rows;
    product.column = i;
    tile_of_rows<Bytes, Reads::rows_across>(n, product);
  } else {
    product.a = inputs.Y_in + i / P * P * spacing + i % P;
    tile_of_rows<Bytes, Reads::across>(n, product);
  }
}

// b's gradient: Delta^T 1 of the columns of one panel, on top of what `sums` holds.
template <class T>
inline void column_sums(const T* delta, index m, index width, T* sums) {
  with_width<T>(width, [&]<int Bytes>() {
    using V = Vector<T, Cover<Bytes>::vector_bytes>;
    constexpr int n = Bytes / int{sizeof(V)};
    V sum[n];
    for (int v = 0; v < n; ++v) sum[v] = load<V>(sums + v * lanes<V>);
    for (index j = 0; j < m; ++j)
      for (int v = 0; v < n; ++v) sum[v] += load<V>(delta + j * panel<T> + v * lanes<V>);
    for (int v = 0; v < n; ++v) store<V>(sums + v * lanes<V>, sum[v]);
  });
}

}  // namespace chainrule::CHAINRULE_ISA

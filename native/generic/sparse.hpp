// The first layer where X is sparse (CSR): its rows are used as they are.
//
// Leaving out a term 0 * w changes no sum of finite numbers, so that the results are those of the
// dense matrix, to the bit, where the columns of each row ascend.
#pragma once

#include "packing.hpp"

namespace chainrule::CHAINRULE_ISA {

// Z(j, :) = b + sum over the stored x(j, i) of x(j, i) W^T(i, :), then Y = f(Z).
template <class T>
inline void forward_sparse(const ForwardArguments<T>& given, const Data<T>& data, index place,
                           Rows rows) {
  const Layer& layer = *given.layer;
  for (index u = 0; u < layer.width_out; u += panel<T>) {
    const index width = panel_width<T>(layer.width_out, u);
    const T* const W_T = given.parameters + layer.weights + u * layer.n_in;
    const T* const b = given.parameters + layer.bias + u;
    T* const Y = given.Y + u * given.spacing;
    with_width<T>(width, [&]<int Bytes>() {
      using V = Vector<T, Cover<Bytes>::vector_bytes>;
      constexpr int n = Bytes / int{sizeof(V)};
      for (index j = rows.first; j < rows.last; ++j) {
        const index row = row_of(data, place + j);
        V z[n];
        for (int v = 0; v < n; ++v) z[v] = load<V>(b + v * lanes<V>);
        for (index k = data.row_starts[row]; k < data.row_starts[row + 1]; ++k) {
          const V x = broadcast<V>(data.values[k]);
          const T* const w = W_T + data.columns[k] * width;
          for (int v = 0; v < n; ++v) z[v] = fma<V>(x, load<V>(w + v * lanes<V>), z[v]);
        }
        for (int v = 0; v < n; ++v) store<V>(Y + j * panel<T> + v * lanes<V>, z[v]);
      }
    });
    if (layer.is_last) continue;
    const index at = rows.first * panel<T>;
    T* const slopes = given.slopes == nullptr ? nullptr : given.slopes + u * given.spacing + at;
    activate<T>(layer.activation, Y + at, slopes, given.masked, rows.last - rows.first, width);
  }
}

// G(i, :) += sum over the rows j of the chunk of x(j, i) Delta(j, :), for one panel of outputs
// and the inputs [first, last).
template <class T>
inline void gradient_sparse(const Layer& layer, const Data<T>& data, index place, index m,
                            const T* delta, index spacing, index u, index first, index last,
                            T* gradient) {
  const index width = panel_width<T>(layer.width_out, u);
  T* const G = gradient + layer.weights + u * layer.n_in;
  with_width<T>(width, [&]<int Bytes>() {
    using V = Vector<T, Cover<Bytes>::vector_bytes>;
    constexpr int n = Bytes / int{sizeof(V)};
    for (index j = 0; j < m; ++j) {
      const index row = row_of(data, place + j);
      const T* const d = delta + u * spacing + j * panel<T>;
      for (index k = data.row_starts[row]; k < data.row_starts[row + 1]; ++k) {
        const index i = data.columns[k];
        if (i < first || i >= last) continue;
        const V x = broadcast<V>(data.values[k]);
        for (int v = 0; v < n; ++v) {
          T* const g = G + i * width + v * lanes<V>;
          store<V>(g, fma<V>(x, load<V>(d + v * lanes<V>), load<V>(g)));
        }
      }
    }
  });
}

}  // namespace chainrule::CHAINRULE_ISA

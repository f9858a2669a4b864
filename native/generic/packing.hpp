// From the layouts that Python sees to panels and back.
#pragma once

#include "products.hpp"

namespace chainrule::CHAINRULE_ISA {

// to(c, r) = from(r, c) for one whole square of a vector's length.
template <class V, class T = Element<V>>
inline void transpose_square(const T* from, index from_stride, T* to, index to_stride) {
  V square[lanes<V>];
  CHAINRULE_UNROLL
  for (index k = 0; k < lanes<V>; ++k) square[k] = load<V>(from + k * from_stride);
  transpose<V>(square);
  CHAINRULE_UNROLL
  for (index k = 0; k < lanes<V>; ++k) store<V>(to + k * to_stride, square[k]);
}

// The same for a square of which only some rows and columns are there. The rows of the target have
// room for whole vectors: what lies behind their ends is padding.
template <class V, class T = Element<V>>
inline void transpose_corner(const T* from, index from_stride, index rows, index columns, T* to,
                             index to_stride) {
  V square[lanes<V>];
  CHAINRULE_UNROLL
  for (index k = 0; k < lanes<V>; ++k)
    square[k] = k < rows ? load_first<V>(from + k * from_stride, columns) : V{};
  transpose<V>(square);
  CHAINRULE_UNROLL
  for (index k = 0; k < lanes<V>; ++k)
    if (k < columns) store<V>(to + k * to_stride, square[k]);
}

// to(c, r) = from(r, c), in squares of one vector's length.
template <class V, class T = Element<V>>
inline void transpose_block(const T* from, index from_stride, index rows, index columns, T* to,
                            index to_stride) {
  constexpr index N = lanes<V>;
  for (index r = 0; r < rows; r += N)
    for (index c = 0; c < columns; c += N) {
      const T* const source = from + r * from_stride + c;
      T* const target = to + c * to_stride + r;
      if (rows - r >= N && columns - c >= N)
        transpose_square<V>(source, from_stride, target, to_stride);
      else
        transpose_corner<V>(source, from_stride, rows - r, columns - c, target, to_stride);
    }
}

// Call `with.template operator()<V>()` with the widest vectors that a panel is made of.
template <class T, class With>
inline void with_vectors_of(index width, With&& with) {
  with_width<T>(width, [&]<int Bytes>() {
    with.template operator()<Vector<T, Cover<Bytes>::vector_bytes>>();
  });
}

// Call `with(layer, first output, outputs, width)` for every panel of weights.
template <class With>
inline void for_each_weight_panel(const Plan& plan, index P, With&& with) {
  for (index l = 0; l < plan.n_layers; ++l) {
    const Layer& layer = plan.layers[l];
    for (index u = 0; u < layer.n_out; u += P)
      with(layer, u, least(P, layer.n_out - u), least(P, layer.width_out - u));
  }
}

template <class T>
void pack(const Packing<T>& packing) {
  const Plan& plan = *packing.plan;
  __builtin_memset(packing.packed, 0, static_cast<std::size_t>(plan.n_packed) * sizeof(T));
  for_each_weight_panel(plan, panel<T>, [&](const Layer& layer, index u, index n, index width) {
    with_vectors_of<T>(width, [&]<class V>() {
      transpose_block<V>(packing.given + layer.given_weights + u * layer.n_in, layer.n_in, n,
                         layer.n_in, packing.packed + layer.weights + u * layer.n_in, width);
    });
    if (plan.has_bias)
      __builtin_memcpy(packing.packed + layer.bias + u, packing.given + layer.given_bias + u,
                       static_cast<std::size_t>(n) * sizeof(T));
  });
}

// Here the rows of the target follow one another without padding, so the last ones are written
// entry by entry where they are shorter than a vector.
template <class V, class T = Element<V>>
inline void unpack_panel(const T* packed, index width, index n_in, index n_out, T* given) {
  const index whole = n_in / lanes<V> * lanes<V>;
  transpose_block<V>(packed, width, whole, n_out, given, n_in);
  for (index u = 0; u < n_out; ++u)
    for (index i = whole; i < n_in; ++i) given[u * n_in + i] = packed[i * width + u];
}

template <class T>
void unpack(const Packing<T>& packing) {
  const Plan& plan = *packing.plan;
  for_each_weight_panel(plan, panel<T>, [&](const Layer& layer, index u, index n, index width) {
    with_vectors_of<T>(width, [&]<class V>() {
      unpack_panel<V>(packing.packed + layer.weights + u * layer.n_in, width, layer.n_in, n,
                      packing.given + layer.given_weights + u * layer.n_in);
    });
    if (plan.has_bias)
      __builtin_memcpy(packing.given + layer.given_bias + u, packing.packed + layer.bias + u,
                       static_cast<std::size_t>(n) * sizeof(T));
  });
}

// Write inputs [i, i + n) of the panel of outputs at u into the store of transposed weights.
template <class T>
inline void transpose_weights(const Layer& layer, const T* parameters, T* store_of_W, index i,
                              index n, index u, index width) {
  const index outputs = least(width, layer.n_out - u);
  const index width_in = panel_width<T>(layer.width_in, i);
  with_vectors_of<T>(width_in, [&]<class V>() {
    transpose_block<V>(parameters + layer.weights + u * layer.n_in + i * width, width, n, outputs,
                       store_of_W + layer.transposed + i * layer.n_out + u * width_in, width_in);
  });
}

// Where the sample is that comes at `place` in the order of the training.
template <class T>
inline index row_of(const Data<T>& data, index place) {
  return data.rows == nullptr ? place : data.rows[place];
}

// Where the inputs of rows [first, last) of a chunk lie that begins at `place`.
template <class T>
inline void find_inputs(const Data<T>& data, index place, Rows rows, const T** found) {
  for (index j = rows.first; j < rows.last; ++j)
    found[j] = data.X + row_of(data, place + j) * data.X_stride;
}

// Y(0): the inputs of rows [first, last) of a chunk that begins at `place`, into panels.
template <class T>
inline void gather_inputs(const Data<T>& data, index place, index n_in, Rows rows, T* Y,
                          index spacing) {
  using V = Vector<T>;
  constexpr index P = panel<T>;
  for (index j = rows.first; j < rows.last; ++j) {
    const T* const x = data.X + row_of(data, place + j) * data.X_stride;
    for (index i = 0; i < n_in; i += P) {
      T* const to = Y + i * spacing + j * P;
      if (i + P <= n_in) {
        for (index k = 0; k < P; k += lanes<V>) store<V>(to + k, load<V>(x + i + k));
      } else {
        for (index k = 0; k < n_in - i; k += lanes<V>)
          store<V>(to + k, load_first<V>(x + i + k, n_in - i - k));
      }
    }
  }
}

}  // namespace chainrule::CHAINRULE_ISA

// The gradient of a layer with few outputs.
#pragma once

#include "packing.hpp"

namespace chainrule::CHAINRULE_ISA {

// The whole tile of G where it has few outputs, which leave vectors of them half empty: as
// Delta^T Y_in, so that vectors are full of inputs, and then turned around. Rows of X are read to
// the end of the tile's panel.
template <class T>
inline void gradient_turned(const Inputs<T>& inputs, const T* delta, index spacing, index m,
                            index i, index n, index outputs, index width, T* G) {
  constexpr index P = panel<T>;
  alignas(64) T turned[P / 2 * P];
  in_blocks(0, outputs, Cover<panel_bytes>::max_rows, [&](index first, index count) {
    TileArguments<T> product{delta + first, 0, nullptr, P, m, turned + first * P, P, zeros<T>, 0};
    if (inputs.rows != nullptr) {
      product.rows = inputs.rows;
      product.column = i;
      tile_of_rows<panel_bytes, Reads::across_rows>(count, product);
    } else {
      product.b = inputs.Y_in + i * spacing;
      tile_of_rows<panel_bytes, Reads::across>(count, product);
    }
  });
  __builtin_memset(turned + outputs * P, 0,
                   static_cast<std::size_t>((width - outputs) * P) * sizeof(T));
  with_vectors_of<T>(width, [&]<class V>() {
    transpose_block<V>(turned, P, width, n, G, width);
  });
}

}  // namespace chainrule::CHAINRULE_ISA

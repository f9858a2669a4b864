// Elementwise passes over blocks of a panel that have just been computed and lie in the L1 cache.
#pragma once

#include "activations.hpp"
#include "tile.hpp"

namespace chainrule::CHAINRULE_ISA {

// Call `with.template operator()<V>(place)` for every vector of a block of `rows` rows, `stride`
// entries apart, and `width` columns.
template <class T, class With>
inline void for_each_vector(index rows, index width, index stride, With&& with) {
  with_width<T>(width, [&]<int Bytes>() {
    using V = Vector<T, Cover<Bytes>::vector_bytes>;
    constexpr index columns = Bytes / index{sizeof(T)};
    for (index row = 0; row < rows; ++row)
      for (index column = 0; column < columns; column += lanes<V>)
        with.template operator()<V>(row * stride + column);
  });
}

// Y = f(Z) in place. With `slopes`, also f'(Z), and with `masked` slopes, which then hold M,
// Y = M o f(Z) and M o f'(Z).
template <class T>
inline void activate(Activation name, T* y, T* slopes, bool masked, index rows, index width) {
  visit(name, [&](auto function) {
    using F = decltype(function);
    if (slopes == nullptr) {
      for_each_vector<T>(rows, width, panel<T>, [&]<class V>(index at) {
        store<V>(y + at, F::template value<V>(load<V>(y + at)));
      });
      return;
    }
    for_each_vector<T>(rows, width, panel<T>, [&]<class V>(index at) {
      const V z = load<V>(y + at);
      const V value = F::template value<V>(z), slope = F::template slope<V>(z, value);
      const V mask = masked ? load<V>(slopes + at) : broadcast<V>(1);
      store<V>(y + at, value * mask);
      store<V>(slopes + at, slope * mask);
    });
  });
}

// D o f'(Z) in place, f' from Y or from the kept slopes.
template <class T>
inline void times_slopes(Activation name, T* d, const T* y, const T* slopes, index rows,
                         index width) {
  if (slopes != nullptr) {
    for_each_vector<T>(rows, width, panel<T>, [&]<class V>(index at) {
      store<V>(d + at, load<V>(d + at) * load<V>(slopes + at));
    });
    return;
  }
  visit(name, [&](auto function) {
    using F = decltype(function);
    for_each_vector<T>(rows, width, panel<T>, [&]<class V>(index at) {
      if constexpr (F::from_y)
        store<V>(d + at, load<V>(d + at) * F::template slope<V>(V{}, load<V>(y + at)));
    });
  });
}

}  // namespace chainrule::CHAINRULE_ISA

// The one loop in which all products are computed: a tile of R rows by C vectors of columns,
//
//   c(r, :) = start(r, :) + sum over k of a(r, k) b(k, :)
//
// with every entry of c a single chain of fused multiply-adds over ascending k. The chain is what
// keeps the bits the same: it does not depend on R, on C, on the width of a vector, on how the
// tiles are shared among threads, nor (c may be the start) on where k is cut in two.
//
// The rows of b lie in a panel, b_stride apart. A is read entry by entry, in one of two ways:
//
//   along     a(r, k) at [k / P][r][k % P]: rows of a matrix in panels, the next panel a_next on
//   across    a(r, k) at [k][r]: a transposed matrix, of which R columns of one panel are taken
#pragma once

#include "../network.hpp"
#include "../simd/vectors.hpp"

namespace chainrule::CHAINRULE_ISA {

enum class Reads { along, across };

template <class T>
struct TileArguments {
  const T* a;
  index a_next;
  const T* b;
  index b_stride;
  index depth;  // how many k, at least one
  T* c;
  index c_stride;
  const T* start;
  index start_stride;  // 0: the same for all rows
};

template <class V, int R, int C, Reads reads>
[[gnu::always_inline]] inline void accumulate(V (&c)[R][C], const Element<V>* a,
                                              const Element<V>* b) {
  constexpr index P = panel<Element<V>>;
  V b_k[C];
  CHAINRULE_UNROLL
  for (int v = 0; v < C; ++v) b_k[v] = load<V>(b + v * lanes<V>);
  CHAINRULE_UNROLL
  for (int r = 0; r < R; ++r) {
    const V a_rk = broadcast<V>(a[reads == Reads::along ? r * P : r]);
    CHAINRULE_UNROLL
    for (int v = 0; v < C; ++v) c[r][v] = fma<V>(a_rk, b_k[v], c[r][v]);
  }
}

template <class V, int R, int C, Reads reads>
void tile(const TileArguments<Element<V>>& given) {
  using T = Element<V>;
  constexpr index P = panel<T>;
  const T* a = given.a;
  const T* b = given.b;
  const index b_stride = given.b_stride;
  V c[R][C];
  CHAINRULE_UNROLL
  for (int r = 0; r < R; ++r)
    CHAINRULE_UNROLL
    for (int v = 0; v < C; ++v)
      c[r][v] = load<V>(given.start + r * given.start_stride + v * lanes<V>);
  if constexpr (reads == Reads::along) {
    index left = given.depth;
    do {
      const T* a_k = a;
      const T* const end = a + (left < P ? left : P);
      do {
        accumulate<V, R, C, reads>(c, a_k, b);
        b += b_stride;
      } while (++a_k < end);
      a += given.a_next;
      left -= P;
    } while (left > 0);
  } else {
    index left = given.depth;
    do {
      accumulate<V, R, C, reads>(c, a, b);
      a += P;
      b += b_stride;
    } while (--left > 0);
  }
  CHAINRULE_UNROLL
  for (int r = 0; r < R; ++r)
    CHAINRULE_UNROLL
    for (int v = 0; v < C; ++v) store<V>(given.c + r * given.c_stride + v * lanes<V>, c[r][v]);
}

// How columns of so many bytes are covered: in `passes` of C vectors, with at most `max_rows` rows,
// so that the tile, a row of b and an entry of a fit into the registers. Two vectors of 8 rows keep
// every pipe busy as well as 12 rows do, with less to load before and to store after.
template <int Bytes>
struct Cover {
  static constexpr int vector_bytes = Bytes < widest ? Bytes : widest;
  static constexpr int C = Bytes > vector_bytes ? 2 : 1;
  static constexpr int passes = Bytes / (vector_bytes * C);
  static constexpr int max_rows = C == 1 ? 12 : (has_32_registers ? 8 : 6);
};

template <class T, int Bytes, Reads reads, class Heights>
struct Tiles;

// The tiles of all heights: of[R - 1] has R rows.
template <class T, int Bytes, Reads reads, int... R>
struct Tiles<T, Bytes, reads, std::integer_sequence<int, R...>> {
  using V = Vector<T, Cover<Bytes>::vector_bytes>;
  static constexpr void (*of[])(const TileArguments<T>&) = {
      &tile<V, R + 1, Cover<Bytes>::C, reads>...};
};

template <class T, int Bytes, Reads reads>
using TilesOf = Tiles<T, Bytes, reads, std::make_integer_sequence<int, Cover<Bytes>::max_rows>>;

// A tile of `rows` <= Cover<Bytes>::max_rows rows over all columns of a panel.
template <int Bytes, Reads reads, class T>
inline void tile_of_rows(index rows, TileArguments<T> given) {
  constexpr index columns = Cover<Bytes>::vector_bytes * Cover<Bytes>::C / index{sizeof(T)};
  for (int pass = 0; pass < Cover<Bytes>::passes; ++pass) {
    TilesOf<T, Bytes, reads>::of[rows - 1](given);
    given.b += columns;
    given.c += columns;
    given.start += columns;
  }
}

// Call `with.template operator()<Bytes>()` for the width of a panel in entries: it is 16, 32, 64
// or 128 bytes, whatever the instruction set.
template <class T, class With>
inline void with_width(index width, With&& with) {
  switch (width * static_cast<index>(sizeof(T))) {
    case 16: return with.template operator()<16>();
    case 32: return with.template operator()<32>();
    case 64: return with.template operator()<64>();
    default: return with.template operator()<128>();
  }
}

// Call `with(first, count)` for blocks of at most `most` rows, as equal as can be.
template <class With>
inline void in_blocks(index first, index last, index most, With&& with) {
  const index n = last - first, blocks = (n + most - 1) / most;
  for (index block = 0; block < blocks; ++block) {
    const index from = first + n * block / blocks, to = first + n * (block + 1) / blocks;
    with(from, to - from);
  }
}

// The width of the panel that begins at column `first` of a matrix of `width` columns.
template <class T>
inline index panel_width(index width, index first) {
  return width - first < panel<T> ? width - first : panel<T>;
}

}  // namespace chainrule::CHAINRULE_ISA

// The one loop in which all products are computed: a tile of R rows by C vectors of columns,
//
//   c(r, :) = start(r, :) + sum over k of a(r, k) b(k, :)
//
// with every entry of c a single chain of fused multiply-adds over ascending k. The chain is what
// keeps the bits the same: it does not depend on R, on C, on the width of a vector, on how the
// tiles are shared among threads, nor (c may be the start) on where k is cut in two.
//
// The rows of b lie in a panel, b_stride apart. A is read entry by entry. Either may lie in rows that
// are anywhere:
//
//   along        a(r, k) at [k / P][r][k % P]: rows of a matrix in panels, the next panel a_next on
//   across       a(r, k) at [k][r]: a transposed matrix, of which R columns of one panel are taken
//   rows_along   a(r, k) at rows[r][k]
//   rows_across  a(r, k) at rows[k][column + r]
//   across_rows  a as `across`, b(k, :) at rows[k][column ...]
#pragma once

#include "../network.hpp"
#include "../simd/vectors.hpp"

namespace chainrule::CHAINRULE_ISA {

enum class Reads { along, across, rows_along, rows_across, across_rows };

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
  const T* const* rows = nullptr;
  index column = 0;
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

// The way of `rows_along`: some k at a time, since there are more rows than registers for pointers.
template <class V, int R, int C>
[[gnu::always_inline]] inline void accumulate_rows(V (&c)[R][C],
                                                   const TileArguments<Element<V>>& given) {
  constexpr int K = has_32_registers ? 4 : C == 1 ? 2 : 1;
  const auto with = [&]<int some>(std::integral_constant<int, some>, index k) {
    V b_k[some][C];
    CHAINRULE_UNROLL
    for (int s = 0; s < some; ++s)
      CHAINRULE_UNROLL
      for (int v = 0; v < C; ++v)
        b_k[s][v] = load<V>(given.b + (k + s) * given.b_stride + v * lanes<V>);
    CHAINRULE_UNROLL
    for (int r = 0; r < R; ++r) {
      const Element<V>* const a_r = given.rows[r] + k;
      CHAINRULE_UNROLL
      for (int s = 0; s < some; ++s) {
        const V a_rk = broadcast<V>(a_r[s]);
        CHAINRULE_UNROLL
        for (int v = 0; v < C; ++v) c[r][v] = fma<V>(a_rk, b_k[s][v], c[r][v]);
      }
    }
  };
  index k = 0;
  for (; k + K <= given.depth; k += K) with(std::integral_constant<int, K>{}, k);
  for (; k < given.depth; ++k) with(std::integral_constant<int, 1>{}, k);
}

template <class V, int R, int C, Reads reads>
void tile(const TileArguments<Element<V>>& given) {
  using T = Element<V>;
  constexpr index P = panel<T>;
  [[maybe_unused]] const T* a = given.a;
  [[maybe_unused]] const T* b = given.b;
  [[maybe_unused]] const index b_stride = given.b_stride;
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
  } else if constexpr (reads == Reads::across) {
    index left = given.depth;
    do {
      accumulate<V, R, C, reads>(c, a, b);
      a += P;
      b += b_stride;
    } while (--left > 0);
  } else if constexpr (reads == Reads::rows_along) {
    accumulate_rows<V, R, C>(c, given);
  } else {
    for (index k = 0; k < given.depth; ++k) {
      const T* const row = given.rows[k] + given.column;
      if constexpr (reads == Reads::rows_across) {
        accumulate<V, R, C, Reads::across>(c, row, b);
        b += b_stride;
      } else {
        accumulate<V, R, C, Reads::across>(c, a, row);
        a += P;
      }
    }
  }
  CHAINRULE_UNROLL
  for (int r = 0; r < R; ++r)
    CHAINRULE_UNROLL
    for (int v = 0; v < C; ++v) store<V>(given.c + r * given.c_stride + v * lanes<V>, c[r][v]);
}

// How columns of so many bytes are covered: in `passes` of C vectors, with at most `max_rows` rows,
// so that the tile, a row of b and an entry of a fit into the registers. Two vectors of 8 rows keep
// every pipe busy as well as 12 rows do, with less to load before and to store after. 16 rows of one
// vector read each cache line of `across` once.
template <int Bytes>
struct Cover {
  static constexpr int vector_bytes = Bytes < widest ? Bytes : widest;
  static constexpr int C = Bytes > vector_bytes ? 2 : 1;
  static constexpr int passes = Bytes / (vector_bytes * C);
  static constexpr int max_rows = (has_32_registers ? 16 : 12) / C;
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
    if constexpr (reads == Reads::across_rows) given.column += columns;
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

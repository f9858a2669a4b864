// Vectors of the instruction set that a file is compiled for.
//
// A vector is the compiler's own (GCC's and Clang's vector extensions), so arithmetic and
// comparisons are operators and this file adds only what they lack. Everything lies in a namespace
// named after the instruction set: the same source is compiled once for each of them, and no
// function of one may ever be taken for that of another.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#if defined(__AVX2__) || defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#ifndef CHAINRULE_ISA
#error "compile native/isa/*.cpp, which say for which instruction set"
#endif

#define CHAINRULE_UNROLL _Pragma("GCC unroll 16")

namespace chainrule::CHAINRULE_ISA {

using index = std::int64_t;

// Not std::min: a function of the standard library compiled here might be linked in everywhere.
constexpr index least(index a, index b) { return b < a ? b : a; }

// The widest registers, in bytes.
#if defined(__AVX512F__)
inline constexpr int widest = 64;
inline constexpr bool has_32_registers = true;
#elif defined(__AVX2__)
inline constexpr int widest = 32;
inline constexpr bool has_32_registers = false;
#elif defined(__aarch64__)
inline constexpr int widest = 16;
inline constexpr bool has_32_registers = true;
#else
inline constexpr int widest = 16;
inline constexpr bool has_32_registers = false;
#endif

template <class T, int Bytes>
struct VectorOf {
  typedef T type __attribute__((vector_size(Bytes)));
};
template <class T, int Bytes = widest>
using Vector = typename VectorOf<T, Bytes>::type;

template <class V>
using Element = std::remove_cvref_t<decltype(std::declval<V>()[0])>;
template <class V>
inline constexpr index lanes = sizeof(V) / sizeof(Element<V>);
// What a comparison of two vectors gives: all bits set where it holds.
template <class V>
using Mask = decltype(std::declval<V>() < std::declval<V>());
template <class V>
inline constexpr bool is_double = std::is_same_v<Element<V>, double>;

template <class V>
inline V load(const Element<V>* from) {
  V v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

template <class V>
inline void store(Element<V>* to, V v) {
  __builtin_memcpy(to, &v, sizeof v);
}

template <class V>
inline V broadcast(Element<V> x) {
  return x - V{};  // not x + 0, which would lose the sign of -0
}

// The first `count` entries; the others are zero and their memory is not touched.
template <class V>
inline V load_first(const Element<V>* from, index count) {
  if (count >= lanes<V>) return load<V>(from);
#if defined(__AVX512VL__)
  const auto mask = static_cast<unsigned>((1U << count) - 1U);
  if constexpr (is_double<V>) {
    if constexpr (sizeof(V) == 64) return (V)_mm512_maskz_loadu_pd((__mmask8)mask, from);
    if constexpr (sizeof(V) == 32) return (V)_mm256_maskz_loadu_pd((__mmask8)mask, from);
  } else {
    if constexpr (sizeof(V) == 64) return (V)_mm512_maskz_loadu_ps((__mmask16)mask, from);
    if constexpr (sizeof(V) == 32) return (V)_mm256_maskz_loadu_ps((__mmask8)mask, from);
  }
#endif
  V v{};
  for (index k = 0; k < count; ++k) v[k] = from[k];
  return v;
}

template <class V>
inline void store_first(Element<V>* to, V v, index count) {
  if (count >= lanes<V>) return store(to, v);
  for (index k = 0; k < count; ++k) to[k] = v[k];
}

// Ask for memory that will soon be read and written, or that will later be read.
template <class T>
inline void fetch_to_change(const T* from, index count) {
  const char* const first = reinterpret_cast<const char*>(from);
  const index bytes = count * static_cast<index>(sizeof(T));
  for (index at = 0; at < bytes; at += 64) __builtin_prefetch(first + at, 1, 3);
}

template <class T>
inline void fetch_to_read(const T* from, index count) {
  const char* const first = reinterpret_cast<const char*>(from);
  const index bytes = count * static_cast<index>(sizeof(T));
  for (index at = 0; at < bytes; at += 64) __builtin_prefetch(first + at, 0, 2);
}

// a b + c in one rounding. Baseline x86-64 has no such instruction and rounds twice, which is why
// its results are its own.
template <class V>
inline V fma(V a, V b, V c) {
#if defined(__FMA__)
  if constexpr (is_double<V>) {
    if constexpr (sizeof(V) == 16) return (V)_mm_fmadd_pd((__m128d)a, (__m128d)b, (__m128d)c);
    if constexpr (sizeof(V) == 32) return (V)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#if defined(__AVX512F__)
    if constexpr (sizeof(V) == 64) return (V)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#endif
  } else {
    if constexpr (sizeof(V) == 16) return (V)_mm_fmadd_ps((__m128)a, (__m128)b, (__m128)c);
    if constexpr (sizeof(V) == 32) return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#if defined(__AVX512F__)
    if constexpr (sizeof(V) == 64) return (V)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#endif
  }
#elif defined(__aarch64__)
  if constexpr (is_double<V>) return (V)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
  else return (V)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
  return a * b + c;
#endif
}

template <class V>
inline V square_root(V x) {
#if defined(__SSE2__)
  if constexpr (is_double<V>) {
    if constexpr (sizeof(V) == 16) return (V)_mm_sqrt_pd((__m128d)x);
#if defined(__AVX2__)
    if constexpr (sizeof(V) == 32) return (V)_mm256_sqrt_pd((__m256d)x);
#endif
#if defined(__AVX512F__)
    if constexpr (sizeof(V) == 64) return (V)_mm512_maskz_sqrt_pd(0xff, (__m512d)x);
#endif
  } else {
    if constexpr (sizeof(V) == 16) return (V)_mm_sqrt_ps((__m128)x);
#if defined(__AVX2__)
    if constexpr (sizeof(V) == 32) return (V)_mm256_sqrt_ps((__m256)x);
#endif
#if defined(__AVX512F__)
    if constexpr (sizeof(V) == 64) return (V)_mm512_maskz_sqrt_ps(0xffff, (__m512)x);
#endif
  }
#elif defined(__aarch64__)
  if constexpr (is_double<V>) return (V)vsqrtq_f64((float64x2_t)x);
  else return (V)vsqrtq_f32((float32x4_t)x);
#else
  for (index k = 0; k < lanes<V>; ++k) {
    if constexpr (is_double<V>) x[k] = __builtin_sqrt(x[k]);
    else x[k] = __builtin_sqrtf(x[k]);
  }
  return x;
#endif
}

// Where the mask is set a, elsewhere b.
template <class V>
inline V select(Mask<V> mask, V a, V b) {
  return mask ? a : b;
}

// The larger of two; where x is NaN it stays.
template <class V>
inline V at_least(V x, V bound) {
  return select<V>(x < bound, bound, x);
}

template <class V>
inline V at_most(V x, V bound) {
  return select<V>(x > bound, bound, x);
}

template <class V>
inline V absolute(V x) {
  return select<V>(x < V{}, -x, x);
}

// Whether a mask is set nowhere.
template <class M>
inline bool none_set(M mask) {
  Element<M> any = 0;
  for (index k = 0; k < lanes<M>; ++k) any |= mask[k];
  return any == 0;
}

// Entries of a and b in the order of Index: k of a, lanes + k of b.
template <class V, index... Index>
inline V shuffle(V a, V b, std::integer_sequence<index, Index...>) {
#if defined(__clang__) || __GNUC__ >= 12
  return __builtin_shufflevector(a, b, Index...);
#else
  return __builtin_shuffle(a, b, Mask<V>{Index...});
#endif
}

template <class V, index Stage, index... Lane>
inline void swap_blocks(V& a, V& b, std::integer_sequence<index, Lane...>) {
  constexpr index n = lanes<V>;
  const V low = shuffle<V>(
      a, b, std::integer_sequence<index, ((Lane & Stage) != 0 ? n + Lane - Stage : Lane)...>{});
  b = shuffle<V>(
      a, b, std::integer_sequence<index, ((Lane & Stage) != 0 ? n + Lane : Lane + Stage)...>{});
  a = low;
}

// Transpose a square of as many vectors as a vector has entries: blocks of half the size change
// places across the diagonal, then those of a quarter, and so on.
template <class V, index Stage = lanes<V> / 2>
inline void transpose(V* rows) {
  CHAINRULE_UNROLL
  for (index i = 0; i < lanes<V>; ++i)
    if ((i & Stage) == 0)
      swap_blocks<V, Stage>(rows[i], rows[i + Stage],
                            std::make_integer_sequence<index, lanes<V>>{});
  if constexpr (Stage > 1) transpose<V, Stage / 2>(rows);
}

}  // namespace chainrule::CHAINRULE_ISA

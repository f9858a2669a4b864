// Elementary functions of vectors: the same operations in every instruction set.
//
// Largest error against the exact value, in units in the last place (tests/engine/test_elementary.py
// measures it with mpmath). Where a result is subnormal the error is of the smallest subnormal.
//
//   function      domain          float32   float64
//   exp           all             1         1
//   expm1         all             2         2
//   log           positive        1         1
//   log1p         [-1/2, ...)     2         2
//   tanh          all             3         3
//   logistic      all             3         3
//   softplus      all             3         3
//   normal_cdf    all             5         5
//
// With fused multiply-adds; baseline x86-64 rounds twice and may be off by twice as much, and its
// normal_cdf by z^2/2 ULP more. NaN gives NaN.
#pragma once

#include "../simd/vectors.hpp"

namespace chainrule::CHAINRULE_ISA {

// An integer as wide as an entry.
template <class T>
using Whole = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;

template <class T>
struct Format {
  static constexpr bool is_single = sizeof(T) == 4;
  static constexpr int mantissa_bits = is_single ? 23 : 52;
  static constexpr int exponent_bias = is_single ? 127 : 1023;
  // Added to a number of moderate size, leaves it rounded to a whole one in the lowest bits.
  static constexpr T rounder = is_single ? T(12582912.0) : T(6755399441055744.0);
  static constexpr T eps = is_single ? T(1.1920928955078125e-7) : T(2.220446049250313e-16);
  static constexpr T tiny = is_single ? T(1.1754943508222875e-38) : T(2.2250738585072014e-308);
};

inline constexpr double log2_e = 1.4426950408889634074;

// log 2 in two parts, the first short enough for exact multiples of it.
template <class T>
struct Log2 {
  static constexpr T high = sizeof(T) == 4 ? T(0.693145751953125) : T(6.93147180369123816490e-01);
  static constexpr T low = sizeof(T) == 4 ? T(1.42860677e-06) : T(1.90821492927058770002e-10);
};

template <class V, std::size_t N>
inline V polynomial(V x, const double (&from_highest)[N]) {
  using T = Element<V>;
  V sum = broadcast<V>(static_cast<T>(from_highest[0]));
  CHAINRULE_UNROLL
  for (std::size_t k = 1; k < N; ++k)
    sum = fma<V>(sum, x, broadcast<V>(static_cast<T>(from_highest[k])));
  return sum;
}

// x = n log 2 + r with |r| <= log(2)/2.
template <class V>
struct Reduced {
  Mask<V> n;
  V r;
};

template <class V>
inline Reduced<V> reduce(V x) {
  using T = Element<V>;
  const V rounder = broadcast<V>(Format<T>::rounder);
  const V shifted = fma<V>(x, broadcast<V>(static_cast<T>(log2_e)), rounder);
  const V n = shifted - rounder;
  V r = fma<V>(n, broadcast<V>(-Log2<T>::high), x);
  r = fma<V>(n, broadcast<V>(-Log2<T>::low), r);
  return {(Mask<V>)shifted - (Mask<V>)rounder, r};
}

// (e^r - 1 - r)/r^2 for |r| <= log(2)/2: its Taylor series.
template <class V>
inline V exp_tail(V r) {
  if constexpr (is_double<V>)
    return polynomial<V>(r, {1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0,
                             1 / 362880.0, 1 / 40320.0, 1 / 5040.0, 1 / 720.0, 1 / 120.0,
                             1 / 24.0, 1 / 6.0, 0.5});
  else
    return polynomial<V>(r, {1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5});
}

template <class V>
inline V power_of_two(Mask<V> n) {
  using T = Element<V>;
  return (V)((n + static_cast<Whole<T>>(Format<T>::exponent_bias)) << Format<T>::mantissa_bits);
}

// p 2^n where 2^n itself may be out of range.
template <class V>
inline V scaled(V p, Mask<V> n) {
  const Mask<V> half = n >> 1;
  return p * power_of_two<V>(half) * power_of_two<V>(n - half);
}

template <class V>
inline V exp(V x) {
  using T = Element<V>;
  // beyond these the result is 0 or infinite all the same
  x = at_most<V>(x, broadcast<V>(sizeof(T) == 4 ? T(90) : T(711)));
  x = at_least<V>(x, broadcast<V>(sizeof(T) == 4 ? T(-105) : T(-747)));
  const auto [n, r] = reduce<V>(x);
  const V p = fma<V>(r * r, exp_tail<V>(r), r) + T(1);
  return scaled<V>(p, n);
}

// e^x - 1 = 2^n (e^r - 1) + (2^n - 1)
template <class V>
inline V expm1(V x) {
  using T = Element<V>;
  x = at_most<V>(x, broadcast<V>(sizeof(T) == 4 ? T(89) : T(710)));
  x = at_least<V>(x, broadcast<V>(sizeof(T) == 4 ? T(-20) : T(-40)));
  const auto [n, r] = reduce<V>(x);
  const V p = fma<V>(r * r, exp_tail<V>(r), r);
  // 2^n by way of 2^(n-1): for the largest x it is out of range and the result is not
  const V half = power_of_two<V>(n - 1);
  return fma<V>(half, p, half - T(0.5)) * T(2);
}

// log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)), by the odd series in s = f/(2 + f):
// log(1 + f) = f - (f^2/2 - s (f^2/2 + R)), R = s^2 (2/3 + s^2 (2/5 + ...)).
template <class V>
struct NearOne {
  V half_square, rest;  // log(1 + f) = f - (half_square - rest)
};

template <class V>
inline NearOne<V> log_near_one(V f) {
  using T = Element<V>;
  const V s = f / (f + T(2));
  const V z = s * s;
  V R;
  if constexpr (is_double<V>)
    R = z * polynomial<V>(z, {2 / 21.0, 2 / 19.0, 2 / 17.0, 2 / 15.0, 2 / 13.0, 2 / 11.0, 2 / 9.0,
                              2 / 7.0, 2 / 5.0, 2 / 3.0});
  else
    R = z * polynomial<V>(z, {2 / 11.0, 2 / 9.0, 2 / 7.0, 2 / 5.0, 2 / 3.0});
  const V half_square = f * f * T(0.5);
  return {half_square, s * (half_square + R)};
}

// log(x + lost), where `lost` is what rounding took from x and is small beside it.
template <class V>
inline V log_of_sum(V x, V lost) {
  using T = Element<V>;
  using W = Whole<T>;
  // subnormal numbers are brought into the normal range first
  const Mask<V> is_small = x < broadcast<V>(Format<T>::tiny);
  const T up = sizeof(T) == 4 ? T(16777216.0) : T(18014398509481984.0);  // 2^24, 2^54
  const V y = select<V>(is_small, x * up, x);
  // y = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2)
  const W root_half = sizeof(T) == 4 ? W(0x3f3504f3) : static_cast<W>(0x3fe6a09e667f3bcdLL);
  const Mask<V> shifted = (Mask<V>)y - root_half;
  Mask<V> k = shifted >> Format<T>::mantissa_bits;
  const V f = (V)((Mask<V>)y - (k << Format<T>::mantissa_bits)) - T(1);
  k = k + (is_small & (sizeof(T) == 4 ? W(-24) : W(-54)));
  const auto [half_square, rest] = log_near_one<V>(f);
  const V n = __builtin_convertvector(k, V);
  const V low = fma<V>(n, broadcast<V>(Log2<T>::low), rest + lost / x);
  V result = fma<V>(n, broadcast<V>(Log2<T>::high), f - (half_square - low));
  const V infinity = broadcast<V>(static_cast<T>(__builtin_inf()));
  result = select<V>(x == infinity, infinity, result);
  result = select<V>(x == V{}, -infinity, result);
  return select<V>((x < V{}) | (x != x), broadcast<V>(static_cast<T>(__builtin_nan(""))), result);
}

template <class V>
inline V log(V x) {
  return log_of_sum<V>(x, V{});
}

template <class V>
inline V log1p(V x) {
  using T = Element<V>;
  const V sum = x + T(1);
  const V lost = select<V>(x > broadcast<V>(T(1)), T(1) - (sum - x), x - (sum - T(1)));
  const V result = log_of_sum<V>(sum, select<V>(sum == V{}, V{}, lost));
  return select<V>(absolute<V>(x) < broadcast<V>(Format<T>::eps / 2), x, result);
}

// tanh |x| = (e^2|x| - 1)/(e^2|x| + 1)
template <class V>
inline V tanh(V x) {
  using T = Element<V>;
  const V magnitude = at_most<V>(absolute<V>(x), broadcast<V>(sizeof(T) == 4 ? T(10) : T(20)));
  const V t = expm1<V>(magnitude + magnitude);
  const V y = t / (t + T(2));
  return select<V>(x < V{}, -y, y);
}

// 1/(1 + e^-z) or e^z/(1 + e^z), whichever exponential cannot overflow
template <class V>
inline V logistic(V z) {
  using T = Element<V>;
  const V decay = exp<V>(-absolute<V>(z));
  return select<V>(z < V{}, decay, broadcast<V>(T(1))) / (decay + T(1));
}

// max(z, 0) + log(1 + e^-|z|)
template <class V>
inline V softplus(V z) {
  return at_least<V>(z, V{}) + log1p<V>(exp<V>(-absolute<V>(z)));
}

// e^(-z^2/2), with what the rounding of z^2 loses
template <class V>
inline V exp_of_minus_half_square(V z) {
  using T = Element<V>;
  const V square = z * z;
  const V lost = fma<V>(z, z, -square);
  const V y = exp<V>(square * T(-0.5));
  const V corrected = fma<V>(y * T(-0.5), lost, y);
  return select<V>(square > broadcast<V>(T(2000)), V{}, corrected);
}

// The density of the standard normal distribution.
template <class V>
inline V normal_density(V z) {
  return exp_of_minus_half_square<V>(z) * static_cast<Element<V>>(0.39894228040143267794);
}

// The distribution function of the standard normal distribution. For x = |z|,
// (1 + x) e^(x^2/2) (1 - cdf(x)) is a polynomial in t = (x - k)/(x + k), interpolated at
// Chebyshev's points; its relative error is below 3e-9 (float32) and 2e-17.
template <class V>
inline V normal_cdf(V z) {
  using T = Element<V>;
  const V x = at_most<V>(absolute<V>(z), broadcast<V>(sizeof(T) == 4 ? T(15) : T(39)));
  const T k = sizeof(T) == 4 ? T(4) : T(5);
  const V t = (x - k) / (x + k);
  V p;
  if constexpr (is_double<V>)
    p = polynomial<V>(
        t, {7.7194626715840142e-10, 4.0376458134958437e-9,  3.5281572897395849e-10,
            -3.2085754970955957e-8, -2.1958115388923181e-8, 1.9896232929933336e-7,
            1.247142009924894e-7,   -1.3100089700228853e-6, -6.8956834512062498e-8,
            9.0612057953971219e-6,  -9.8964688962813401e-6, -5.3608038145015821e-5,
            0.00018233420251531397, 7.7916912001437581e-6,  -0.0016760723488506492,
            0.0065220006562448458,  -0.015170415402485998,  0.024536963244459763,
            -0.026401042966294958,  0.010002352385205081,   0.031030368425963229,
            -0.091552281834008813,  0.46151582985003777});
  else
    p = polynomial<V>(t, {-7.4374544167543734e-5, -6.6737184924378561e-5, 0.00069084485556682351,
                          -0.00029991876126557443, -0.0050021408532140795, 0.017939449481637415,
                          -0.03219781535425328, 0.028600032795032345, 0.013999636592802042,
                          -0.096703467980739252, 0.47205320639897658});
  const V tail = exp_of_minus_half_square<V>(x) * p / (x + T(1));
  return select<V>(z > V{}, T(1) - tail, tail);
}

}  // namespace chainrule::CHAINRULE_ISA

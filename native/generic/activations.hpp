// The functions of hidden layers: y = f(z), and f'(z) from z and y. An entry reads like that of
// src/chainrule/functions; `from_y` says that the derivative needs y alone.
#pragma once

#include "../network.hpp"
#include "elementary.hpp"

namespace chainrule::CHAINRULE_ISA {

struct Identity {
  static constexpr bool from_y = true;
  template <class V> static V value(V z) { return z; }
  template <class V> static V slope(V, V) { return broadcast<V>(1); }
};

struct Logistic {
  static constexpr bool from_y = true;
  template <class V> static V value(V z) { return logistic<V>(z); }
  template <class V> static V slope(V, V y) { return y * (Element<V>(1) - y); }
};

struct Tanh {
  static constexpr bool from_y = true;
  template <class V> static V value(V z) { return tanh<V>(z); }
  template <class V> static V slope(V, V y) { return fma<V>(-y, y, broadcast<V>(1)); }
};

struct Relu {
  static constexpr bool from_y = true;
  template <class V> static V value(V z) { return select<V>(z <= V{}, V{}, z); }  // NaN stays NaN
  template <class V> static V slope(V, V y) { return select<V>(y > V{}, broadcast<V>(1), V{}); }
};

struct LeakyRelu {
  static constexpr bool from_y = true;
  template <class V> static V value(V z) { return select<V>(z > V{}, z, z * Element<V>(0.01)); }
  template <class V> static V slope(V, V y) {
    return select<V>(y > V{}, broadcast<V>(1), broadcast<V>(Element<V>(0.01)));
  }
};

struct Elu {
  static constexpr bool from_y = true;
  template <class V> static V value(V z) {
    return select<V>(z > V{}, z, expm1<V>(select<V>(z > V{}, V{}, z)));
  }
  template <class V> static V slope(V, V y) {
    return select<V>(y > V{}, broadcast<V>(1), y + Element<V>(1));
  }
};

struct Selu {
  static constexpr bool from_y = true;
  static constexpr double scale = 1.0507009873554805;
  static constexpr double scale_alpha = 1.0507009873554805 * 1.6732632423543772;
  template <class V> static V value(V z) {
    const V decay = expm1<V>(select<V>(z > V{}, V{}, z));
    return select<V>(z > V{}, z * Element<V>(scale), decay * Element<V>(scale_alpha));
  }
  template <class V> static V slope(V, V y) {
    return select<V>(y > V{}, broadcast<V>(Element<V>(scale)), y + Element<V>(scale_alpha));
  }
};

struct Gelu {
  static constexpr bool from_y = false;
  template <class V> static V value(V z) { return z * normal_cdf<V>(z); }
  template <class V> static V slope(V z, V) {
    return fma<V>(z, normal_density<V>(z), normal_cdf<V>(z));
  }
};

struct Silu {
  static constexpr bool from_y = false;
  template <class V> static V value(V z) { return z * logistic<V>(z); }
  template <class V> static V slope(V z, V y) {
    const V s = logistic<V>(z);
    return fma<V>(y, Element<V>(1) - s, s);
  }
};

// With e = e^z and n = e (e + 2): tanh(softplus(z)) = n/(n + 2), which is 1 from z = 20 on (40 in
// float64), and (1 - tanh^2) logistic(z) = 4 e (1 + e)/(n + 2)^2.
struct Mish {
  static constexpr bool from_y = false;
  template <class V> static V bounded_exp(V z) {
    return exp<V>(at_most<V>(z, broadcast<V>(is_double<V> ? 40 : 20)));
  }
  template <class V> static V value(V z) {
    const V e = bounded_exp<V>(z);
    const V n = e * (e + Element<V>(2));
    return z * (n / (n + Element<V>(2)));
  }
  template <class V> static V slope(V z, V) {
    using T = Element<V>;
    const V e = bounded_exp<V>(z);
    const V n = e * (e + T(2)), whole = n + T(2);
    return n / whole + z * (e * T(4) / whole) * ((e + T(1)) / whole);
  }
};

struct Softplus {
  static constexpr bool from_y = true;
  template <class V> static V value(V z) { return softplus<V>(z); }
  template <class V> static V slope(V, V y) { return -expm1<V>(-y); }  // e^y = 1 + e^z
};

// Call `with` for the entry of a name: the choice is made once for a block, not in its loops.
template <class With>
inline auto visit(Activation name, With&& with) {
  switch (name) {
    case Activation::logistic: return with(Logistic{});
    case Activation::tanh: return with(Tanh{});
    case Activation::relu: return with(Relu{});
    case Activation::leaky_relu: return with(LeakyRelu{});
    case Activation::elu: return with(Elu{});
    case Activation::selu: return with(Selu{});
    case Activation::gelu: return with(Gelu{});
    case Activation::silu: return with(Silu{});
    case Activation::mish: return with(Mish{});
    case Activation::softplus: return with(Softplus{});
    default: return with(Identity{});
  }
}

}  // namespace chainrule::CHAINRULE_ISA

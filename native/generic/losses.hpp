// The losses of samples side by side, and the derivative by z; see outputs.hpp.
#pragma once

#include "outputs.hpp"

namespace chainrule::CHAINRULE_ISA {

// Sum `term(u)` over the outputs.
template <class V, class Term>
inline V sum_of(index n, Term&& term) {
  V sum{};
  for (index u = 0; u < n; ++u) sum += term(u);
  return sum;
}

// l(y, t)
template <class V>
inline V loss_value(const Plan& plan, const Samples<V>& s) {
  using T = Element<V>;
  const T parameter = static_cast<T>(plan.loss_parameter);
  switch (plan.loss) {
    case Loss::cross_entropy:
      return -sum_of<V>(s.n, [&](index u) { return s.t[u] * s.log_y[u]; });
    case Loss::binary_cross_entropy: {
      const V yes = sum_of<V>(s.n, [&](index u) { return s.t[u] * s.log_y[u]; });
      const V no = sum_of<V>(s.n, [&](index u) { return (T(1) - s.t[u]) * s.log_rest[u]; });
      return -yes - no;
    }
    case Loss::squared_error:
      return T(0.5) * sum_of<V>(s.n, [&](index u) {
               const V r = s.y[u] - s.t[u];
               return r * r;
             });
    case Loss::poisson:
      return sum_of<V>(s.n, [&](index u) {
        const V t = s.t[u], one = broadcast<V>(1);
        const V t_log_t = t * log<V>(select<V>(t == V{}, one, t));
        return t_log_t - t * s.log_y[u] - t + s.y[u];
      });
    case Loss::absolute_error:
      return sum_of<V>(s.n, [&](index u) { return absolute<V>(s.y[u] - s.t[u]); });
    case Loss::huber:
      return sum_of<V>(s.n, [&](index u) {
        const V r = s.y[u] - s.t[u], size = absolute<V>(r);
        return select<V>(size - parameter > V{}, parameter * (size - parameter / 2),
                         T(0.5) * (r * r));
      });
    case Loss::pinball:
      return sum_of<V>(s.n, [&](index u) {
        const V r = s.y[u] - s.t[u];
        return select<V>(r > V{}, (1 - parameter) * r, -parameter * r);
      });
  }
  return V{};
}

// a/b, 0 where a is 0
template <class V>
inline V ratio(V a, V b) {
  return a / select<V>(a == V{}, broadcast<V>(1), b);
}

// dl/dy of output u
template <class V>
inline V by_output(const Plan& plan, V y, V t) {
  using T = Element<V>;
  const T parameter = static_cast<T>(plan.loss_parameter);
  const V r = y - t, one = broadcast<V>(1);
  const V sign = select<V>(r > V{}, one, select<V>(r < V{}, -one, r));
  switch (plan.loss) {
    case Loss::cross_entropy: return -ratio<V>(t, y);
    case Loss::binary_cross_entropy: return ratio<V>(one - t, one - y) - ratio<V>(t, y);
    case Loss::squared_error: return r;
    case Loss::poisson: return one - ratio<V>(t, y);
    case Loss::absolute_error: return sign;
    case Loss::huber: return select<V>(absolute<V>(r) - parameter > V{}, parameter * sign, r);
    case Loss::pinball:
      return select<V>(r > V{}, broadcast<V>(1 - parameter), broadcast<V>(-parameter));
  }
  return V{};
}

// Outputs that were rounded to the end of the range that the loss needs are kept off it.
template <class V>
inline V inside(Loss loss, V y) {
  using T = Element<V>;
  const V least = broadcast<V>(Format<T>::tiny / Format<T>::eps);
  switch (loss) {
    case Loss::cross_entropy:
    case Loss::binary_cross_entropy:
      return at_most<V>(at_least<V>(y, least), broadcast<V>(1 - Format<T>::eps / 2));
    case Loss::poisson: return at_least<V>(y, least);
    default: return y;
  }
}

inline bool is_canonical(const Plan& plan) {
  switch (plan.loss) {
    case Loss::cross_entropy: return plan.output == Output::softmax;
    case Loss::binary_cross_entropy: return plan.output == Output::logistic;
    case Loss::squared_error: return plan.output == Output::identity;
    case Loss::poisson: return plan.output == Output::exponential;
    default: return false;
  }
}

// dl/dz by the chain rule, g dy/dz with g = dl/dy, in place of z.
template <class V>
inline void pull_back(const Plan& plan, const Samples<V>& s) {
  using T = Element<V>;
  for (index u = 0; u < s.n; ++u) {
    s.y[u] = inside<V>(plan.loss, s.y[u]);
    s.z[u] = by_output<V>(plan, s.y[u], s.t[u]);
  }
  if (plan.output == Output::softmax) {
    const V g_y = sum_of<V>(s.n, [&](index u) { return s.z[u] * s.y[u]; });
    for (index u = 0; u < s.n; ++u) s.z[u] = (s.z[u] - g_y) * s.y[u];
  } else if (plan.output == Output::logistic) {
    for (index u = 0; u < s.n; ++u) s.z[u] *= s.y[u] * (T(1) - s.y[u]);
  } else if (plan.output == Output::exponential) {
    for (index u = 0; u < s.n; ++u) s.z[u] *= s.y[u];
  }
}

// Delta(L) = share dl/dz, in place of z.
template <class V>
inline void output_delta(const Plan& plan, const Samples<V>& s, V shares) {
  if (is_canonical(plan)) {
    // (Y o (T 1) - T)/m for a softmax, Y - T for the others
    V total = broadcast<V>(1);
    if (plan.output == Output::softmax)
      total = sum_of<V>(s.n, [&](index u) { return s.t[u]; });
    for (index u = 0; u < s.n; ++u) s.z[u] = total * s.y[u] - s.t[u];
  } else {
    pull_back<V>(plan, s);
  }
  for (index u = 0; u < s.n; ++u) s.z[u] *= shares;
}

}  // namespace chainrule::CHAINRULE_ISA

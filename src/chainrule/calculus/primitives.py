"""The functions that definitions are written with, with their derivatives.

NumPy and SciPy evaluate them, for complex numbers too. `absolute` and `sign` branch on the real
part, so that an expression that contains them can still be followed in a complex direction.
"""

from fractions import Fraction

import numpy as np
import scipy.special

from chainrule.arrays import Array
from chainrule.calculus.function import Function, y, z
from chainrule.calculus.nodes import Constant

__all__ = ["HALF", "absolute", "exp", "log", "normal_cdf", "normal_density", "sign"]

#: One half, exactly.
HALF = Constant(Fraction(1, 2))

_ROOT_TWO_PI = Constant(float(np.sqrt(2 * np.pi)), latex=r"\sqrt{2 \pi}", text="√(2π)")


def _absolute(values: Array) -> Array:
    return np.where(np.real(values) < 0, -values, values)


def _sign(values: Array) -> Array:
    return np.sign(np.real(values)).astype(values.dtype)


exp = Function("exp", r"e^{%s}", "exp", derivative=y, evaluate=np.exp)
log = Function("log", r"\log", "log", derivative=1 / z, evaluate=np.log)

#: The density and the distribution function of the standard normal distribution.
normal_density = Function(
    "normal_density",
    r"\varphi",
    "φ",
    value=exp(-HALF * z**2) / _ROOT_TWO_PI,
    derivative=-(z * y),
)
normal_cdf = Function(
    "normal_cdf", r"\Phi", "Φ", derivative=normal_density(z), evaluate=scipy.special.ndtr
)

sign = Function(
    "sign", r"\operatorname{sign}", "sign", derivative=0 * z, evaluate=_sign, analytic=False
)
absolute = Function(
    "absolute", r"\lvert %s \rvert", "|%s|", derivative=sign(z), evaluate=_absolute, analytic=False
)

"""The Gaussian error linear unit (Hendrycks and Gimpel, 2016), in its exact form."""

from chainrule.calculus.function import Function, z
from chainrule.calculus.primitives import normal_cdf, normal_density

__all__ = ["GELU"]

GELU = Function(
    "gelu",
    r"\operatorname{gelu}",
    "gelu",
    value=z * normal_cdf(z),
    derivative=normal_cdf(z) + z * normal_density(z),
)

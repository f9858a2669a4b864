"""Fully connected neural networks whose every gradient is a formula.

Examples
--------
>>> import chainrule
>>> net = chainrule.Network([256, 7, 10], hidden="logistic", output="softmax", bias=False)
>>> params = net.init(seed=0)
>>> params.weights[0].shape
(7, 256)
"""

from importlib.metadata import version

from chainrule.gradient_check import Comparison, GradientCheck
from chainrule.model import Network, Trace, check_gradient
from chainrule.parameters import Parameters

__all__ = [
    "Comparison",
    "GradientCheck",
    "Network",
    "Parameters",
    "Trace",
    "__version__",
    "check_gradient",
]

__version__ = version("chainrule")

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

from chainrule.files import load, save
from chainrule.gradient_check import Comparison, GradientCheck
from chainrule.model import Network, Trace, check_gradient
from chainrule.parameters import Parameters
from chainrule.trained import TrainedModel

__all__ = [
    "Comparison",
    "GradientCheck",
    "Network",
    "Parameters",
    "Trace",
    "TrainedModel",
    "__version__",
    "check_gradient",
    "load",
    "save",
]

__version__ = version("chainrule")

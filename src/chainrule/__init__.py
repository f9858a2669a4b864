"""Fully connected neural networks whose every gradient is a formula.

Examples
--------
>>> import chainrule
>>> net = chainrule.Network([256, 7, 10], hidden="logistic", output="softmax", bias=False)
>>> params = net.init(seed=0)
>>> params.weights[0].shape
(7, 256)
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from chainrule.compiled import compile
from chainrule.engine import engine_info
from chainrule.files import load, save
from chainrule.gradient_check import Comparison, GradientCheck
from chainrule.model import Network, Trace, check_gradient
from chainrule.parameters import Parameters
from chainrule.picture import Picture, draw
from chainrule.trained import TrainedModel

if TYPE_CHECKING:
    from chainrule.derivation import Derivation, derive
    from chainrule.estimators import Checkpoint, CSVLog, MLPClassifier, MLPRegressor, StopAfter
    from chainrule.grading import grade

__all__ = [
    "CSVLog",
    "Checkpoint",
    "Comparison",
    "Derivation",
    "GradientCheck",
    "MLPClassifier",
    "MLPRegressor",
    "Network",
    "Parameters",
    "Picture",
    "StopAfter",
    "Trace",
    "TrainedModel",
    "__version__",
    "check_gradient",
    "compile",
    "derive",
    "draw",
    "engine_info",
    "grade",
    "load",
    "save",
]

__version__ = version("chainrule")

#: Names whose rooms are imported when they are first asked for: that of the estimators imports
#: scikit-learn, which takes longer than everything else together.
_LAZY = {
    **dict.fromkeys(("Derivation", "derive"), "chainrule.derivation"),
    "grade": "chainrule.grading",
    **dict.fromkeys(
        ("CSVLog", "Checkpoint", "MLPClassifier", "MLPRegressor", "StopAfter"),
        "chainrule.estimators",
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

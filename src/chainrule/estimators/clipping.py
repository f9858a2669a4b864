"""Log losses as scikit-learn reports them: probabilities are clipped before the logarithm.

A probability is kept the machine epsilon away from 0 and 1, so no sample costs more than
36 (float64) or 16 (float32). The gradient knows nothing of it, there as here.
"""

from dataclasses import replace

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.nodes import Expression
from chainrule.calculus.primitives import log
from chainrule.network import Architecture
from chainrule.outputs.output import Output, Range, RowFunction, y

__all__ = ["with_clipped_probabilities"]


def with_clipped_probabilities(architecture: Architecture) -> Architecture:
    """Let the loss take its logarithms of clipped probabilities.

    Parameters
    ----------
    architecture : Architecture
        The network; one whose outputs are no probabilities stays as it is.

    Returns
    -------
    Architecture
        The one given, but for the logarithms of its output.

    References
    ----------
    scikit-learn 1.9, ``sklearn.neural_network._base.log_loss`` and ``binary_log_loss``.
    """
    output = architecture.output
    if output.range < Range.UNIT_INTERVAL:
        return architecture
    logarithms: dict[Expression, RowFunction] = {
        log(y): lambda Z: np.log(_clipped(output, Z)),
        log(1 - y): lambda Z: np.log(1 - _clipped(output, Z)),
    }
    clipped = replace(output, logarithms=logarithms, clips_probabilities=True)
    return replace(architecture, output=clipped)


def _clipped(output: Output, Z: Array) -> Array:
    Y = output.evaluate(Z)
    eps = np.finfo(Y.dtype).eps
    return np.clip(Y, eps, 1 - eps)

"""``chainrule check``: every gradient formula of a network against the oracle."""

from dataclasses import dataclass
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.cli.console import Voice
from chainrule.errors import DataError
from chainrule.model import Network, check_gradient
from chainrule.outputs import Range

__all__ = ["CheckOptions", "check"]

_LAMBDA = 0.1


@final
@dataclass(frozen=True)
class CheckOptions:
    """What the command line says; see ``chainrule check --help``."""

    layers: tuple[int, ...]
    hidden: tuple[str, ...]
    output: str
    loss: str | None
    bias: bool
    l2: bool
    samples: int
    seed: int
    as_json: bool


def check(options: CheckOptions) -> int:
    """Compare at random points, and print a line for each gradient.

    Parameters
    ----------
    options : CheckOptions
        The command line.

    Returns
    -------
    int
        The exit status: 0, or 1 where a formula is wrong.

    Raises
    ------
    ValueError
        If the options do not describe a network.
    """
    if options.samples < 1:
        raise DataError(f"--samples must be at least 1, not {options.samples}")
    hidden = options.hidden[0] if len(options.hidden) == 1 else options.hidden
    net = Network(options.layers, hidden, options.output, options.loss, options.bias)
    rng = np.random.default_rng(options.seed)
    X = rng.standard_normal((options.samples, options.layers[0]))
    T = _targets(net, options.samples, rng)
    l2 = _LAMBDA if options.l2 else 0.0
    result = check_gradient(net, net.init(options.seed), X, T, l2)
    voice = Voice(options.as_json)
    voice.show(str(result))
    n_checked = sum(comparison.n_checked for comparison in result.comparisons)
    verdict = "All gradients are right" if result.passed else "A GRADIENT IS WRONG"
    voice.show(
        f"{verdict}: {n_checked:,} derivatives, worst relative error {result.worst_error:.1e}"
    )
    voice.end(
        {
            "passed": result.passed,
            "worst_error": result.worst_error,
            "gradients": [
                {
                    "name": one.name,
                    "shape": list(one.shape),
                    "right": one.passed,
                    "worst_error": one.worst_error,
                    "method": one.method,
                    "n_checked": one.n_checked,
                    "n_skipped": one.n_skipped,
                }
                for one in result.comparisons
            ],
        }
    )
    return 0 if result.passed else 1


def _targets(net: Network, m: int, rng: np.random.Generator) -> Array:
    """Draw targets that the loss admits, none of them at the border of its domain."""
    T = rng.uniform(0.1, 0.9, (m, net.architecture.layer_sizes[-1]))
    if net.architecture.output.range == Range.SIMPLEX:
        T /= T.sum(axis=1, keepdims=True)
    return T

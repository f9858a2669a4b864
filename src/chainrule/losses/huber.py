"""Huber's loss: quadratic near zero, linear beyond (Huber, 1964)."""

from chainrule.calculus.function import Function, z
from chainrule.calculus.nodes import Constant, Expression, Select
from chainrule.calculus.primitives import HALF, absolute, sign
from chainrule.errors import SpecificationError
from chainrule.losses.loss import Loss

__all__ = ["HUBER", "huber"]


def huber(delta: float = 1.0) -> Loss:
    """Make Huber's loss.

    Parameters
    ----------
    delta : float
        The residual, in units of the target, beyond which the loss grows linearly.

    Returns
    -------
    Loss
        ``Σ_k ρ(y_k - t_k)``.

    Raises
    ------
    SpecificationError
        If `delta` is not a positive number.

    References
    ----------
    P. J. Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 35
    (1964), 73-101, section 4.

    Examples
    --------
    >>> from chainrule.calculus import to_text
    >>> to_text(huber(2.0).by_output)
    '(2 sign(y - t) if |y - t| > 2 else y - t)ᵀ'
    """
    if not 0 < delta < float("inf"):
        raise SpecificationError(f"delta of the Huber loss must be positive, got {delta!r}")
    bound = Constant(delta)

    def scaled(slope: Expression) -> Expression:
        return slope if delta == 1 else bound * slope

    penalty = Function(
        "huber",
        r"\rho",
        "ρ",
        value=Select(absolute(z) - bound, scaled(absolute(z) - delta / 2), HALF * z**2),
        derivative=Select(absolute(z) - bound, scaled(sign(z)), z),
        analytic=False,
    )
    return Loss.of_residual("huber", penalty, delta)


HUBER = huber()

"""The pinball loss, whose minimiser is a quantile (Koenker and Bassett, 1978)."""

from chainrule.calculus.function import Function, z
from chainrule.calculus.nodes import Constant, Select
from chainrule.errors import SpecificationError
from chainrule.losses.loss import Loss

__all__ = ["PINBALL", "pinball"]


def pinball(quantile: float = 0.5) -> Loss:
    """Make the pinball loss.

    Parameters
    ----------
    quantile : float
        The quantile to be estimated, between 0 and 1.

    Returns
    -------
    Loss
        ``Σ_k ρ(y_k - t_k)``; an output above its target costs ``1 - quantile`` a unit, one below
        it `quantile`.

    Raises
    ------
    SpecificationError
        If `quantile` is not between 0 and 1.

    References
    ----------
    R. Koenker and G. Bassett, Regression quantiles, Econometrica 46 (1978), 33-50, eq. 2.1.

    Examples
    --------
    >>> from chainrule.calculus import to_text
    >>> to_text(pinball(0.25).by_output)
    '(0.75 if y - t > 0 else -0.25)ᵀ'
    """
    if not 0 < quantile < 1:
        raise SpecificationError(
            f"quantile of the pinball loss must lie between 0 and 1, got {quantile!r}"
        )
    penalty = Function(
        "pinball",
        r"\rho",
        "ρ",
        value=Select(z, (1 - quantile) * z, -quantile * z),
        derivative=Select(z, Constant(1 - quantile), Constant(-quantile)),
        analytic=False,
    )
    return Loss.of_residual("pinball", penalty, quantile)


PINBALL = pinball()

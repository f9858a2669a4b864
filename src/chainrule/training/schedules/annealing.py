"""The half cosine that leads from one rate to another."""

import math

__all__ = ["half_cosine"]


def half_cosine(start: float, end: float, share: float) -> float:
    """Give ``end + (start - end) (1 + cos(π p)) / 2``, level at both ends.

    Parameters
    ----------
    start, end : float
        The values at ``p = 0`` and at ``p = 1``.
    share : float
        ``p``; beyond 1 the value stays at `end`.

    Returns
    -------
    float

    References
    ----------
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017
    (arXiv:1608.03983), equation 5.

    Examples
    --------
    >>> [round(half_cosine(1.0, 0.0, share), 3) for share in (0.0, 0.25, 0.5, 1.0, 2.0)]
    [1.0, 0.854, 0.5, 0.0, 0.0]
    """
    return end + (start - end) * (1 + math.cos(math.pi * min(share, 1.0))) / 2

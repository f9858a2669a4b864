"""The checks that hyperparameters of solvers, schedules, batches and stopping share."""

from chainrule.errors import SpecificationError

__all__ = ["require_at_least", "require_fraction", "require_positive"]


def require_at_least(name: str, value: float, least: float) -> None:
    """Refuse a hyperparameter below its smallest value, or one that is not a number.

    Parameters
    ----------
    name : str
        The hyperparameter, as the user spells it.
    value : float
        What was given.
    least : float
        The smallest value that makes sense.

    Raises
    ------
    SpecificationError
        Where `value` is smaller than `least` or NaN.

    Examples
    --------
    >>> require_at_least("batch_size", 0, 1)
    Traceback (most recent call last):
    ...
    chainrule.errors.SpecificationError: batch_size must be at least 1, got 0
    """
    if not value >= least:
        raise SpecificationError(f"{name} must be at least {least}, got {value}")


def require_positive(name: str, value: float) -> None:
    """Refuse a hyperparameter that is not above zero.

    Parameters
    ----------
    name : str
        The hyperparameter, as the user spells it.
    value : float
        What was given.

    Raises
    ------
    SpecificationError
        Where `value` is zero, negative or NaN.

    Examples
    --------
    >>> require_positive("learning_rate_init", 0.001)
    """
    if not value > 0:
        raise SpecificationError(f"{name} must be greater than 0, got {value}")


def require_fraction(name: str, value: float, *, closed: bool) -> None:
    """Refuse a hyperparameter outside [0, 1), or outside [0, 1] where `closed` is true.

    Parameters
    ----------
    name : str
        The hyperparameter, as the user spells it.
    value : float
        What was given.
    closed : bool
        Whether 1 itself is allowed.

    Raises
    ------
    SpecificationError
        Where `value` is outside the interval or NaN.

    Examples
    --------
    >>> require_fraction("beta_1", 1.0, closed=False)
    Traceback (most recent call last):
    ...
    chainrule.errors.SpecificationError: beta_1 must be in [0, 1), got 1.0
    """
    if not (0 <= value < 1 or (closed and value == 1)):
        raise SpecificationError(f"{name} must be in [0, 1{']' if closed else ')'}, got {value}")

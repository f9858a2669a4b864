"""Where a random generator stands, as numbers and an array, and back."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import SpecificationError

__all__ = ["random_from_record", "random_to_record"]

_KIND: Final = "MT19937"
_KEYS: Final = 624


def random_to_record(random_state: np.random.RandomState) -> tuple[dict[str, Any], Array]:
    """Write where a generator stands.

    Parameters
    ----------
    random_state : numpy.random.RandomState
        Left as it is.

    Returns
    -------
    record : dict
        Numbers for JSON.
    keys : array of uint32
        The rest of it.

    Raises
    ------
    SpecificationError
        Where the generator is not the one that ``numpy.random.RandomState(seed)`` has.

    Examples
    --------
    >>> record, keys = random_to_record(np.random.RandomState(0))
    >>> record
    {'pos': 624, 'has_gauss': 0, 'gauss': 0.0}
    """
    stands = random_state.get_state(legacy=False)
    if stands["bit_generator"] != _KIND:
        raise SpecificationError(
            f"only the generator {_KIND} can be saved, and this one is "
            f"{stands['bit_generator']}; use numpy.random.RandomState(seed)"
        )
    record = {
        "pos": stands["state"]["pos"],
        "has_gauss": stands["has_gauss"],
        "gauss": float(stands["gauss"]),
    }
    return record, stands["state"]["key"]


def random_from_record(record: Mapping[str, Any], keys: Array) -> np.random.RandomState:
    """Make a generator that goes on from where the written one stood.

    Parameters
    ----------
    record : mapping
    keys : array
        From `random_to_record`.

    Returns
    -------
    numpy.random.RandomState

    Raises
    ------
    KeyError, TypeError, ValueError
        Where something is missing or is not what it must be.

    Examples
    --------
    >>> written = random_to_record(np.random.RandomState(7))
    >>> bool(random_from_record(*written).rand() == np.random.RandomState(7).rand())
    True
    """
    # NumPy believes what it is given here, and would read beyond the keys.
    if keys.shape != (_KEYS,) or keys.dtype != np.uint32:
        raise ValueError("keys")
    position, has_gauss, gauss = record["pos"], record["has_gauss"], record["gauss"]
    if type(position) is not int or not 0 <= position <= _KEYS:
        raise ValueError("pos")
    if has_gauss not in (0, 1) or type(has_gauss) is not int:
        raise ValueError("has_gauss")
    if type(gauss) not in (int, float) or not math.isfinite(gauss):
        raise ValueError("gauss")
    random_state = np.random.RandomState(0)
    random_state.set_state((_KIND, keys, position, has_gauss, gauss))
    return random_state

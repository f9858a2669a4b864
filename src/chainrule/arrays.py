"""Names for the array types that signatures use."""

from typing import Any, TypeAlias

import numpy.typing as npt

__all__ = ["Array"]

#: A NumPy array of float32, float64 or, inside the oracle, complex128.
Array: TypeAlias = npt.NDArray[Any]

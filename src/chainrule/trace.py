"""Every intermediate quantity of a network, by name."""

from collections.abc import Iterator, Mapping
from typing import final

from chainrule.arrays import Array
from chainrule.errors import UnknownNameError

__all__ = ["Trace"]


@final
class Trace(Mapping[str, Array]):
    """Every intermediate quantity of a network and its derivative, by name.

    The names are those of the mathematics, such as ``z(1)`` and ``∂E/∂W(2)``; a plain d may stand
    for ∂. A derivative by a vector is a row for each sample.

    Examples
    --------
    >>> import numpy as np
    >>> trace = Trace({"∂E/∂x": np.array([[1.0]])})
    >>> trace["dE/dx"]
    array([[1.]])
    """

    def __init__(self, quantities: Mapping[str, Array]) -> None:
        self._quantities = dict(quantities)

    def __getitem__(self, name: str) -> Array:
        exact = name.replace("d", "∂")
        if exact not in self._quantities:
            raise UnknownNameError("quantity", name, self._quantities)
        return self._quantities[exact]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.replace("d", "∂") in self._quantities

    def __iter__(self) -> Iterator[str]:
        return iter(self._quantities)

    def __len__(self) -> int:
        return len(self._quantities)

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name}: {value.shape}" for name, value in self.items())
        return f"Trace({shapes})"

"""Dropout: which hidden outputs a step of training does without.

A mask is a function of a seed, the step and the layer, and of the place of an entry in the batch;
nothing is drawn from a stream that somebody else may have moved on. So it is the same after a
pause, with any number of threads, and in every engine.
"""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.errors import SpecificationError

__all__ = ["Dropout", "DropoutMasks"]

_NUMBERS: Final = 2**32


@final
@dataclass(frozen=True)
class Dropout:
    """The rates at which hidden outputs are dropped: ``y(l) = m(l) ∘ f(z(l))`` in training.

    An entry of the mask ``m(l)`` is 0 with probability ``p_l`` and ``1/(1 - p_l)`` otherwise, so
    that its mean is 1 and the network is used as it is once it is trained.

    Parameters
    ----------
    rates : float or tuple of float
        ``p_l``, in [0, 1): one for all hidden layers, or one for each.

    Raises
    ------
    SpecificationError
        Where a rate is outside [0, 1).

    References
    ----------
    N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, Dropout: a simple
    way to prevent neural networks from overfitting, JMLR 15 (2014), 1929-1958: section 4, with
    the outputs scaled in training instead of the weights afterwards, as section 10 mentions.

    Examples
    --------
    >>> masks = Dropout(0.5).masks(seed=0, step=0)
    >>> masks.of_layer(1, (2, 4), np.float64)
    array([[2., 2., 0., 2.],
           [0., 2., 2., 0.]])
    """

    rates: float | tuple[float, ...]

    def __post_init__(self) -> None:
        for rate in self.rates if isinstance(self.rates, tuple) else (self.rates,):
            if not 0 <= rate < 1:
                raise SpecificationError(f"a dropout rate must be in [0, 1), got {rate}")

    def check_layers(self, n_hidden: int) -> None:
        """Refuse rates that do not fit the hidden layers.

        Parameters
        ----------
        n_hidden : int
            How many hidden layers there are.

        Raises
        ------
        SpecificationError
            Where there is a rate for each layer, but not as many.
        """
        if isinstance(self.rates, tuple) and len(self.rates) != n_hidden:
            raise SpecificationError(
                f"{len(self.rates)} dropout rates do not fit {n_hidden} hidden layers; "
                "give one rate for all layers or one for each"
            )

    def rate(self, layer: int) -> float:
        """Give ``p_l``.

        Parameters
        ----------
        layer : int
            ``l``, 1 for the first hidden layer.

        Returns
        -------
        float
        """
        return self.rates[layer - 1] if isinstance(self.rates, tuple) else self.rates

    def masks(self, seed: int, step: int) -> "DropoutMasks":
        """Give the masks of one step.

        Parameters
        ----------
        seed : int
            What tells one training from another, in [0, 2⁶⁴).
        step : int
            Steps done before this one, over all epochs.

        Returns
        -------
        DropoutMasks
        """
        return DropoutMasks(self, seed, step)


@final
@dataclass(frozen=True)
class DropoutMasks:
    """The masks ``m(l)`` of one step, made when they are asked for.

    Entry ``(j, k)`` of ``m(l)`` is decided by the whole number ``u`` with index ``i = j n_l + k``
    of a sequence of numbers of 32 bits: it is 0 where ``u < ⌊p_l 2³²⌋`` and ``1/(1 - p_l)``
    elsewhere. The sequence is Philox4x64-10 with the key (seed, l) and the counters
    (1, 0, 0, step), (2, 0, 0, step), …; each counter gives four words of 64 bits, and each word
    two numbers, the low half first. Any part of a mask can therefore be made on its own.

    Parameters
    ----------
    dropout : Dropout
        The rates.
    seed : int
        In [0, 2⁶⁴).
    step : int
        In [0, 2⁶⁴).

    References
    ----------
    J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, Parallel random numbers: as easy as 1,
    2, 3, SC11 (2011), section 3.3; as in ``numpy.random.Philox``, which counts before it draws.

    Examples
    --------
    >>> masks = Dropout((0.0, 0.5)).masks(seed=7, step=3)
    >>> masks.of_layer(1, (1, 3), np.float64)
    array([[1., 1., 1.]])
    >>> sorted(set(masks.of_layer(2, (9, 9), np.float32).ravel().tolist()))
    [0.0, 2.0]
    """

    dropout: Dropout
    seed: int
    step: int

    def of_layer(self, layer: int, shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
        """Make ``m(l)``.

        Parameters
        ----------
        layer : int
            ``l``, 1 for the first hidden layer.
        shape : tuple of int
            ``(m, n_l)``.
        dtype : dtype
            The type of the numbers.

        Returns
        -------
        array of shape (m, n_l)
            Zeros and ``1/(1 - p_l)``.
        """
        rate = self.dropout.rate(layer)
        kept = self._numbers(layer, shape[0] * shape[1]) >= int(rate * _NUMBERS)
        return kept.reshape(shape) * np.asarray(1 / (1 - rate), dtype)

    def _numbers(self, layer: int, count: int) -> npt.NDArray[np.uint32]:
        key = np.array([self.seed, layer], np.uint64)
        counter = np.array([0, 0, 0, self.step], np.uint64)
        words = np.random.Philox(counter=counter, key=key).random_raw(-(-count // 2))
        return words.astype("<u8", copy=False).view("<u4")[:count]

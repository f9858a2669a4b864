"""A trained network with what turns raw data into its inputs, and its outputs into answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.data import ClassTarget, Encoder, Features, Target
from chainrule.engine import engine_for
from chainrule.errors import DataError
from chainrule.network import Architecture
from chainrule.parameters import Parameters
from chainrule.targets import target_matrix

__all__ = ["TrainedModel", "architecture_for"]

_ROWS_AT_ONCE = 16384


def architecture_for(
    encoder: Encoder, target: Target, hidden_sizes: Sequence[int], hidden: str
) -> Architecture:
    """Choose inputs, outputs and loss by the data.

    Two classes take one logistic output, more a softmax; numbers an identity output.

    Parameters
    ----------
    encoder : TableEncoder or ImageEncoder
        What makes the inputs.
    target : ClassTarget or NumberTarget
        What is to be predicted.
    hidden_sizes : sequence of int
        The widths of the hidden layers.
    hidden : str
        The name of their function.

    Returns
    -------
    Architecture
    """
    if not isinstance(target, ClassTarget):
        n_outputs, output = 1, "identity"
    elif target.n_outputs == 2:
        n_outputs, output = 1, "logistic"
    else:
        n_outputs, output = target.n_outputs, "softmax"
    sizes = [encoder.n_outputs, *hidden_sizes, n_outputs]
    return Architecture.of(sizes, hidden=hidden, output=output)


@final
@dataclass(frozen=True, eq=False, repr=False)
class TrainedModel:
    """A network that takes a raw table, or images, and answers in the user's terms.

    Parameters
    ----------
    architecture : Architecture
        The network.
    params : Parameters
        Its weights and biases.
    encoder : TableEncoder or ImageEncoder
        What turns raw rows into inputs.
    target : ClassTarget or NumberTarget
        What the outputs mean.
    about : mapping
        How it came to be: plain facts, such as the seed and the test score.

    Examples
    --------
    >>> import chainrule
    >>> model = chainrule.load("digits.safetensors")  # doctest: +SKIP
    >>> model.predict(images)  # doctest: +SKIP
    array([7, 2, 1])
    """

    architecture: Architecture
    params: Parameters
    encoder: Encoder
    target: Target
    about: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.architecture.layer_sizes))
        return f"TrainedModel({self.task}, network {sizes}, target {self.target.name!r})"

    @property
    def task(self) -> str:
        """``"classification"`` or ``"regression"``."""
        return "classification" if isinstance(self.target, ClassTarget) else "regression"

    @property
    def classes(self) -> Array:
        """The labels, in the order of the columns of `predict_proba`."""
        return self._class_target().decode(np.arange(self.target.n_outputs))

    def predict(self, features: Features | Array) -> Array:
        """Predict labels or numbers.

        Parameters
        ----------
        features : pandas.DataFrame, Images or array
            m raw rows, such as the model was trained on. Columns are found by name.

        Returns
        -------
        array of shape (m,)
            Labels as they were in training, or numbers in the target's unit.

        Raises
        ------
        DataError
            If a column is missing, a value cannot be used, or an output is not finite.
        """
        return self.answers(self.outputs(features))

    def predict_proba(self, features: Features | Array) -> Array:
        """Predict the probability of every class.

        Parameters
        ----------
        features : pandas.DataFrame, Images or array
            m raw rows.

        Returns
        -------
        array of shape (m, k)
            One column for each of `classes`.

        Raises
        ------
        DataError
            If the model predicts numbers, a column is missing, a value cannot be used, or an
            output is not finite.
        """
        self._class_target()
        return self.probabilities(self.outputs(features))

    def outputs(self, features: Features | Array) -> Array:
        """Evaluate the network's outputs, of shape (m, n_L), for raw rows."""
        X = self.encoder.transform(features, self.params.vector.dtype)
        engine = engine_for(self.architecture)
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused below
            parts = [
                engine.outputs(self.architecture, self.params, X[start : start + _ROWS_AT_ONCE])
                for start in range(0, max(len(X), 1), _ROWS_AT_ONCE)
            ]
        outputs = np.concatenate(parts)
        finite = np.isfinite(outputs).all(axis=1)
        if not finite.all():
            raise DataError(f"the network's output for row {finite.argmin() + 1} is not finite")
        return outputs

    def answers(self, outputs: Array) -> Array:
        """Turn outputs into labels or numbers."""
        if isinstance(self.target, ClassTarget):
            return self.target.decode(class_codes(outputs))
        return self.target.decode(outputs[:, 0])

    def probabilities(self, outputs: Array) -> Array:
        """Turn outputs into one probability a class."""
        self._class_target()
        if outputs.shape[1] > 1:
            return outputs
        return np.concatenate([1 - outputs, outputs], axis=1)

    def _class_target(self) -> ClassTarget:
        if not isinstance(self.target, ClassTarget):
            raise DataError("the model predicts numbers, which have no classes and probabilities")
        return self.target


def class_codes(outputs: Array) -> npt.NDArray[np.int64]:
    """Choose the class of each row: the largest output, or the side of a half of a single one."""
    if outputs.shape[1] > 1:
        return np.argmax(outputs, axis=1)
    return (outputs[:, 0] > 0.5).astype(np.int64)


def encoded_targets(
    architecture: Architecture, target: Target, values: Array, dtype: npt.DTypeLike
) -> Array:
    """Write target values as the matrix T that the network is trained with."""
    return target_matrix(architecture, target.encode(values), len(values), dtype)

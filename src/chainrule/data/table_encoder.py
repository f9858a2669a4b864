"""From the columns of a table to the matrix X that a network reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.data.columns.fitting import Column, fit_columns
from chainrule.data.columns.saving import columns_from_state, columns_to_state
from chainrule.data.columns.texts import TextColumn
from chainrule.data.dataset import Features, Images, Layout, as_features
from chainrule.data.state import State, StateReader
from chainrule.errors import DataError, ModelFileError, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TableEncoder"]


@final
@dataclass(frozen=True)
class TableEncoder:
    """Columns of a table, encoded as the training part taught.

    Parameters
    ----------
    input_names : tuple of str
        Every column of the training table, those included that were dropped.
    columns : tuple of NumberColumn or TextColumn
        The columns in use.
    notes : tuple of str
        Sentences about what was done, for the user; not saved.

    References
    ----------
    scikit-learn's `StandardScaler`, `SimpleImputer` (with ``add_indicator``) and `OneHotEncoder`
    (with ``max_categories``) do the same steps one by one.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"age": [1.0, 3.0], "city": ["b", "a"]})
    >>> encoder = TableEncoder.fit(table)
    >>> encoder.output_names
    ('age', 'city = a', 'city = b')
    >>> encoder.transform(table)
    array([[-1.,  0.,  1.],
           [ 1.,  1.,  0.]], dtype=float32)
    """

    kind: ClassVar[str] = "table"

    input_names: tuple[str, ...]
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def fit(cls, features: Features | Array) -> TableEncoder:
        """Learn the encoding from the training part.

        Parameters
        ----------
        features : pandas.DataFrame or Array
            m rows.

        Returns
        -------
        TableEncoder

        Raises
        ------
        DataError
            If a value cannot be used, or no column can.
        """
        frame = _named(as_features(features))
        columns, notes = fit_columns(frame)
        return cls(tuple(frame.columns), columns, notes)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the n_0 columns of X."""
        return tuple(name for column in self.columns for name in column.output_names)

    @property
    def n_outputs(self) -> int:
        """Number n_0 of columns of X."""
        return len(self.output_names)

    @property
    def layout(self) -> Layout:
        """What a reader has to know of the training table."""
        texts = (column.name for column in self.columns if isinstance(column, TextColumn))
        return Layout(text_columns=frozenset(texts))

    def transform(self, features: Features | Array, dtype: npt.DTypeLike = np.float32) -> Array:
        """Encode the rows of a table.

        Parameters
        ----------
        features : pandas.DataFrame or Array
            m rows.  Columns are found by name, others are ignored; an array needs the columns of
            training in their order.
        dtype : dtype, default=float32
            float32 or float64.

        Returns
        -------
        Array
            X, m × n_0, finite, C-contiguous.

        Raises
        ------
        DataError
            If a column is missing, or a value cannot be used.
        """
        frame = self._found(features)
        X = np.zeros((len(frame), self.n_outputs), dtype=dtype)
        for column, place in zip(self.columns, self._places(), strict=True):
            column.write(frame[column.name], X[:, place])
        return X

    def unseen(self, features: Features | Array) -> dict[str, int]:
        """Count the text values that training did not meet, and that are encoded as zeros.

        Parameters
        ----------
        features : pandas.DataFrame or Array
            m rows.

        Returns
        -------
        dict of str to int
            Number of rows by column, columns without such rows left out.
        """
        frame = self._found(features)
        texts = [column for column in self.columns if isinstance(column, TextColumn)]
        counts = {column.name: column.unseen(frame[column.name]) for column in texts}
        return {name: count for name, count in counts.items() if count}

    def to_state(self) -> tuple[State, dict[str, Array]]:
        """Give everything that `from_state` needs.

        Returns
        -------
        state : dict
            Names and categories, ready for JSON.
        arrays : dict of str to Array
            Medians, means and scales of the number columns, float64.
        """
        columns, arrays = columns_to_state(self.columns)
        return {
            "kind": self.kind,
            "input_names": list(self.input_names),
            "columns": columns,
        }, arrays

    @classmethod
    def from_state(cls, state: Any, arrays: Mapping[str, Array]) -> TableEncoder:
        """Build the encoder that `to_state` described.

        Parameters
        ----------
        state : object
            What a model file holds.
        arrays : mapping of str to Array
            Its arrays.

        Returns
        -------
        TableEncoder
            Encodes bit for bit as the original.

        Raises
        ------
        ModelFileError
            If anything is absent, of another type, or contradictory.
        """
        reader = StateReader(state, "the table encoder")
        columns = columns_from_state(reader.records("columns"), arrays)
        names = [column.name for column in columns]
        input_names = reader.texts("input_names")
        if not columns or len(set(names)) < len(names) or not set(names) <= set(input_names):
            raise ModelFileError("the model file is damaged: the columns of its table disagree")
        return cls(input_names, columns)

    def _places(self) -> list[slice]:
        widths = (len(column.output_names) for column in self.columns)
        return [slice(a, b) for a, b in pairwise(accumulate(widths, initial=0))]

    def _found(self, features: Features | Array) -> pd.DataFrame:
        if isinstance(features, np.ndarray) and features.ndim == 2:
            features = self._by_position(features)
        frame = _named(as_features(features))
        for column in self.columns:
            if column.name not in frame.columns:
                raise DataError(
                    f"there is no column {column.name!r}{nearest(column.name, frame.columns)}, "
                    "which the model was trained on"
                )
        return frame

    def _by_position(self, values: Array) -> pd.DataFrame:
        import pandas as pd

        if values.shape[1] != len(self.input_names):
            raise DataError(
                f"the rows have {values.shape[1]} columns, "
                f"and the model was trained on {len(self.input_names)}"
            )
        return pd.DataFrame(values, columns=list(self.input_names))


def _named(features: Features) -> pd.DataFrame:
    if isinstance(features, Images):
        raise DataError("a table is needed, and these are images")
    frame = features.set_axis(features.columns.map(str), axis=1)
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise DataError(f"the table has more than one column {twice!r}")
    return frame

"""The encoder that fits the features at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from chainrule.arrays import Array
from chainrule.data.dataset import Features, Images
from chainrule.data.image_encoder import ImageEncoder
from chainrule.data.state import StateReader
from chainrule.data.table_encoder import TableEncoder
from chainrule.errors import ModelFileError

__all__ = ["Encoder", "encoder_from_state", "fit_encoder"]

#: What turns features into the matrix X.
Encoder: TypeAlias = TableEncoder | ImageEncoder


def fit_encoder(features: Features | Array) -> Encoder:
    """Learn from the training part how its features become the matrix X.

    Parameters
    ----------
    features : pandas.DataFrame, Images or Array
        m rows; an array with two axes is a table, with more it is images.

    Returns
    -------
    TableEncoder or ImageEncoder

    Raises
    ------
    DataError
        If a value, or every column, cannot be used.

    Examples
    --------
    >>> fit_encoder(np.zeros((10, 28, 28), dtype=np.uint8)).n_outputs
    784
    """
    if isinstance(features, Images) or (isinstance(features, np.ndarray) and features.ndim > 2):
        return ImageEncoder.fit(features)
    return TableEncoder.fit(features)


def encoder_from_state(state: Any, arrays: Mapping[str, Array]) -> Encoder:
    """Build the encoder whose `to_state` gave these.

    Parameters
    ----------
    state : object
        What a model file holds; anything at all.
    arrays : mapping of str to Array
        Its arrays.

    Returns
    -------
    TableEncoder or ImageEncoder
        Encodes bit for bit as the original.

    Raises
    ------
    ModelFileError
        If the state is not that of an encoder.
    """
    kinds: dict[str, type[TableEncoder] | type[ImageEncoder]] = {
        TableEncoder.kind: TableEncoder,
        ImageEncoder.kind: ImageEncoder,
    }
    kind = StateReader(state, "the encoder").text("kind")
    if kind not in kinds:
        raise ModelFileError(f"the model file is damaged: there is no encoder {kind!r}")
    return kinds[kind].from_state(state, arrays)

"""Components of values, and single samples of them."""

import numpy as np

from chainrule.grading.notation import Index
from chainrule.grading.problems import IndexMistakeError, NotUnderstoodError
from chainrule.grading.scope import Scope
from chainrule.grading.value import SAMPLES, Value

__all__ = ["indexed"]


def indexed(value: Value, indices: tuple[Index, ...], sample: Index | None, scope: Scope) -> Value:
    """Take components, and one sample."""
    letters = list(indices)
    if sample is not None:
        value = _of_sample(value, sample, scope)
    if letters and SAMPLES in value.axes and _counts_samples(letters, value, scope):
        value = _of_sample(value, letters.pop(0), scope)
    if not letters:
        return value
    if len(letters) == 1:
        if value.shape == (1, 1):
            raise IndexMistakeError("a number has no components")
        return _picked(value.with_rows_named("?0"), "?0", letters[0], scope)
    if len(letters) == 2:
        data = value.data[..., None, None]
        whole = Value(data, (*value.axes, "?0", "?1"))
        return _picked(_picked(whole, "?0", letters[0], scope), "?1", letters[1], scope)
    raise IndexMistakeError("more than two components")


def _counts_samples(letters: list[Index], value: Value, scope: Scope) -> bool:
    """Say whether the first of the indices is that of the sample."""
    if str(letters[0]) in scope.samples:
        return True
    if len(letters) == 1 and value.shape == (1, 1):
        return True  # a number has no components: y_i is the i-th sample's
    return len(letters) == 2 and 1 in value.shape


def _of_sample(value: Value, sample: Index, scope: Scope) -> Value:
    if SAMPLES not in value.axes:
        axis = scope.world.batch_axis(value.data.shape)
        if axis is None:
            return value
        columns = axis == -1
        data = np.swapaxes(value.data, -1, -2)[..., None] if columns else value.data[..., None, :]
        value = Value(data, (*value.axes, SAMPLES))
    return _picked(value, SAMPLES, sample, scope)


def _picked(value: Value, axis: str, index: Index, scope: Scope) -> Value:
    if isinstance(index, int):
        if not 1 <= index <= value.size_of(axis):
            raise NotUnderstoodError(f"component {index} of so few")
        return value.taken(axis, index - 1)
    return value.renamed(axis, scope.check_letter(index))

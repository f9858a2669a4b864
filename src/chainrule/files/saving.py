"""Saving and loading: whatever the kind, by one name each."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from chainrule.errors import ModelFileError
from chainrule.files.formats import ESTIMATOR_FORMAT
from chainrule.files.model_files import load_model, save_model
from chainrule.storage import entry_of
from chainrule.trained import TrainedModel

if TYPE_CHECKING:
    from chainrule.estimators import MLPClassifier, MLPRegressor

    Saved: TypeAlias = TrainedModel | MLPClassifier | MLPRegressor

__all__ = ["load", "save"]


def save(model: Saved, path: str | os.PathLike[str]) -> None:
    """Save an estimator, fitted or not, or a model that the shell trained.

    The file holds arrays and plain text, nothing that is executed when it is loaded. A file that
    exists is replaced whole or, if anything goes wrong, left as it was.

    Parameters
    ----------
    model : MLPClassifier, MLPRegressor or TrainedModel
        What to save. Of an estimator all is kept, also what `partial_fit` and warm starts go on
        with. A parameter that is no plain value, such as a function, is left out with a warning,
        and so are callbacks.
    path : str or path-like
        Where to; the usual suffix is ``.safetensors``.

    Raises
    ------
    DataError
        If the file cannot be written.
    ModelFileError
        If it is something else, such as a pipeline, or has an attribute that cannot be saved.

    Warns
    -----
    UserWarning
        For every parameter that is left out.

    See Also
    --------
    load : Gives it back.

    Examples
    --------
    >>> import tempfile
    >>> import chainrule
    >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], ["no", "yes", "yes", "no"]
    >>> network = chainrule.MLPClassifier(8, solver="lbfgs", random_state=1).fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     chainrule.save(network, Path(folder, "xor.safetensors"))
    ...     again = chainrule.load(Path(folder, "xor.safetensors"))
    >>> again
    MLPClassifier(hidden_layer_sizes=8, random_state=1, solver='lbfgs')
    >>> again.predict(X).tolist()
    ['no', 'yes', 'yes', 'no']
    """
    if isinstance(model, TrainedModel):
        save_model(model, path)
        return
    room = import_module("chainrule.files.estimator_files")
    if type(model) not in import_module("chainrule.estimators.saved").ESTIMATORS.values():
        raise ModelFileError(_refusal(model))
    room.save_estimator(model, Path(path))


def load(path: str | os.PathLike[str]) -> Any:
    """Load what `save` or ``chainrule train`` has saved.

    Parameters
    ----------
    path : str or path-like
        The file; what is in it says what kind it is.

    Returns
    -------
    MLPClassifier, MLPRegressor or TrainedModel
        Predicts bit for bit as the saved one, and an estimator also trains on so.

    Raises
    ------
    ModelFileError
        If there is no such file, or it is damaged, of another version or holds something else.

    See Also
    --------
    save : Writes such a file.

    Examples
    --------
    >>> import chainrule
    >>> chainrule.load("no/such.safetensors")
    Traceback (most recent call last):
    ...
    chainrule.errors.ModelFileError: there is no model file no/such.safetensors
    """
    source = Path(path)
    if entry_of(source) != ESTIMATOR_FORMAT.entry:
        return load_model(source)
    return import_module("chainrule.files.estimator_files").load_estimator(source)


def _refusal(given: Any) -> str:
    kind = type(given)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    if isinstance(given, type):
        name = f"the class {given.__name__}; make an instance of it"
    return (
        "chainrule.save writes chainrule's MLPClassifier and MLPRegressor and the shell's "
        f"TrainedModel, and was given {name}{_hint(given)}"
    )


def _hint(given: Any) -> str:
    """Say where in a composite the network is that can be saved."""
    if hasattr(given, "steps"):
        return "; of a pipeline, save the network alone, which is its last step, pipeline[-1]"
    for attribute in ("best_estimator_", "regressor_", "estimator_"):
        if hasattr(given, attribute):
            return f"; save the network alone, which is in its {attribute}"
    return ""

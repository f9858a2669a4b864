"""The kinds of files that hold something to predict with."""

from typing import Final

from chainrule.errors import ModelFileError
from chainrule.storage import TensorFormat

__all__ = [
    "CHECKPOINT_ENTRY",
    "ESTIMATOR_FORMAT",
    "ESTIMATOR_VERSION",
    "FORMAT_VERSION",
    "MODEL_FORMAT",
]

#: Raised with every change to models of the shell that older releases cannot read.
FORMAT_VERSION: Final = 1
#: The same for estimators.
ESTIMATOR_VERSION: Final = 1

MODEL_FORMAT: Final = TensorFormat(
    "model file", "chainrule model", "model", FORMAT_VERSION, ModelFileError
)
ESTIMATOR_FORMAT: Final = TensorFormat(
    "estimator file", "chainrule estimator", "estimator", ESTIMATOR_VERSION, ModelFileError
)
#: How the checkpoints of the training room begin, which are known here only to be told apart.
CHECKPOINT_ENTRY: Final = "chainrule checkpoint"

"""Reading a stranger's data, and turning it into what a network computes with.

`read` gives a `Dataset`; `choose_task` looks at its target; `split_rows` sets rows apart;
`fit_encoder` and `fit_target` learn from the training part how features and target become
numbers.  pandas, pyarrow, Pillow and scikit-learn are imported when a function needs them.
"""

from chainrule.data.bundled import BUNDLED
from chainrule.data.class_target import ClassTarget, Label
from chainrule.data.dataset import Dataset, Features, Images, Layout, Part
from chainrule.data.encoding import Encoder, encoder_from_state, fit_encoder
from chainrule.data.image_encoder import ImageEncoder
from chainrule.data.image_files import parse_image_size
from chainrule.data.number_target import NumberTarget
from chainrule.data.reading import read, require_target
from chainrule.data.split import Split, split_rows
from chainrule.data.table_encoder import TableEncoder
from chainrule.data.targets import Target, fit_target, target_from_state
from chainrule.data.task import Task, TaskChoice, choose_task

__all__ = [
    "BUNDLED",
    "ClassTarget",
    "Dataset",
    "Encoder",
    "Features",
    "ImageEncoder",
    "Images",
    "Label",
    "Layout",
    "NumberTarget",
    "Part",
    "Split",
    "TableEncoder",
    "Target",
    "Task",
    "TaskChoice",
    "choose_task",
    "encoder_from_state",
    "fit_encoder",
    "fit_target",
    "parse_image_size",
    "read",
    "require_target",
    "split_rows",
    "target_from_state",
]

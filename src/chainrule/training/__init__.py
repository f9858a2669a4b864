"""Training: the loop and the parts that it is given.

`fit` is the loop. A `Recipe` names its parts (solver, schedule, batches, stopping), a `Problem`
says what is descended, and everything that changes lies in one `TrainingState`, from which
`resume` goes on. `fit_full_batch` trains with L-BFGS, which drives itself.
"""

from chainrule.training.batches import (
    Batches,
    CyclicBatches,
    InOrderBatches,
    ShuffledBatches,
    numbered,
)
from chainrule.training.callbacks import (
    Callback,
    Checkpoint,
    CSVLog,
    EpochCallback,
    Progress,
    StopAfter,
    StopFlag,
)
from chainrule.training.checkpoints import (
    SavedTraining,
    load_checkpoint,
    load_state,
    refuse_another_origin,
    save_checkpoint,
)
from chainrule.training.clipping import ClipNorm, Clipping, ClipValue
from chainrule.training.divergence import Divergence
from chainrule.training.epoch import Epoch, run_epoch
from chainrule.training.full_batch import fit_full_batch
from chainrule.training.history import EpochRecord, History
from chainrule.training.loop import fit, resume
from chainrule.training.problem import Problem
from chainrule.training.recipe import OnDivergence, Recipe
from chainrule.training.result import Result, StopReason, TrainingDivergedError
from chainrule.training.schedules import (
    Adaptive,
    Constant,
    Cosine,
    InverseScaling,
    OneCycle,
    Schedule,
)
from chainrule.training.solvers import LBFGS, Adam, GradientDescent, Solver, SolverState
from chainrule.training.state import TrainingState, begin
from chainrule.training.stopping import Monitor, Stopping, StoppingState
from chainrule.training.threads import one_blas_thread
from chainrule.training.validation import HeldOut, ScoreByParts, Validated, Validation

__all__ = [
    "LBFGS",
    "Adam",
    "Adaptive",
    "Batches",
    "CSVLog",
    "Callback",
    "Checkpoint",
    "ClipNorm",
    "ClipValue",
    "Clipping",
    "Constant",
    "Cosine",
    "CyclicBatches",
    "Divergence",
    "Epoch",
    "EpochCallback",
    "EpochRecord",
    "GradientDescent",
    "HeldOut",
    "History",
    "InOrderBatches",
    "InverseScaling",
    "Monitor",
    "OnDivergence",
    "OneCycle",
    "Problem",
    "Progress",
    "Recipe",
    "Result",
    "SavedTraining",
    "Schedule",
    "ScoreByParts",
    "ShuffledBatches",
    "Solver",
    "SolverState",
    "StopAfter",
    "StopFlag",
    "StopReason",
    "Stopping",
    "StoppingState",
    "TrainingDivergedError",
    "TrainingState",
    "Validated",
    "Validation",
    "begin",
    "fit",
    "fit_full_batch",
    "load_checkpoint",
    "load_state",
    "numbered",
    "one_blas_thread",
    "refuse_another_origin",
    "resume",
    "run_epoch",
    "save_checkpoint",
]

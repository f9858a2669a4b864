"""Callbacks: what is told how training goes, and may ask it to end."""

from chainrule.training.callbacks.callback import (
    Callback,
    EpochCallback,
    Progress,
    StopFlag,
    ask_after_epoch,
    ask_after_step,
)
from chainrule.training.callbacks.checkpoint import Checkpoint
from chainrule.training.callbacks.csv_log import CSVLog
from chainrule.training.callbacks.stop_after import StopAfter

__all__ = [
    "CSVLog",
    "Callback",
    "Checkpoint",
    "EpochCallback",
    "Progress",
    "StopAfter",
    "StopFlag",
    "ask_after_epoch",
    "ask_after_step",
]

"""Estimators: scikit-learn's interface to the networks, and nothing of their arithmetic.

An estimator checks what it is given as scikit-learn does, puts together the parts of the training
room that take scikit-learn's steps, and writes down the result under scikit-learn's names.
"""

from chainrule.estimators.callbacks import Checkpoint, CSVLog, StopAfter
from chainrule.estimators.classifier import MLPClassifier
from chainrule.estimators.regressor import MLPRegressor

__all__ = ["CSVLog", "Checkpoint", "MLPClassifier", "MLPRegressor", "StopAfter"]

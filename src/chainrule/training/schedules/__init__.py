"""Learning-rate schedules: what the rate is at each step of training.

A schedule is asked at three moments: before every step (`at`), after every epoch
(`after_epoch`) and when the stopping criterion sees no improvement any more (`on_plateau`). The
rate that it moves is one number of the training state; the schedule itself never changes.
"""

from chainrule.training.schedules.adaptive import Adaptive
from chainrule.training.schedules.constant import Constant
from chainrule.training.schedules.cosine import Cosine
from chainrule.training.schedules.inverse_scaling import InverseScaling
from chainrule.training.schedules.one_cycle import OneCycle
from chainrule.training.schedules.schedule import Schedule

__all__ = ["Adaptive", "Constant", "Cosine", "InverseScaling", "OneCycle", "Schedule"]

"""The picture of a network in words."""

from itertools import groupby

from chainrule.picture.subject import Subject

__all__ = ["described", "titled"]


def titled(subject: Subject) -> str:
    """Name the picture.

    Parameters
    ----------
    subject : Subject
        The network.

    Returns
    -------
    str

    Examples
    --------
    >>> titled(Subject((256, 7, 10), ("logistic",), "softmax", "cross_entropy", bias=False))
    'A network of 256, 7 and 10 neurons'
    """
    *others, last = subject.layer_sizes
    return f"A network of {', '.join(map(str, others))} and {last} neurons"


def described(subject: Subject) -> str:
    """Tell what the picture shows, for those who do not see it.

    Parameters
    ----------
    subject : Subject
        The network.

    Returns
    -------
    str

    Examples
    --------
    >>> described(Subject((256, 7, 10), ("logistic",), "softmax", "cross_entropy", bias=False))
    '256 inputs, then a hidden layer of 7 (logistic), then 10 outputs (softmax), fully connected,
    without biases. The loss is cross entropy.'
    """
    inputs, *hidden, outputs = subject.layer_sizes
    parts = [_counted(inputs, "input")]
    for (size, function), layers in groupby(zip(hidden, subject.hidden, strict=True)):
        n_layers = len(list(layers))
        noun = "a hidden layer" if n_layers == 1 else f"{n_layers} hidden layers"
        parts.append(f"{noun} of {size}{_named(function)}")
    parts.append(_counted(outputs, "output") + _named(subject.output))
    text = (
        f"{', then '.join(parts)}, fully connected, {'with' if subject.bias else 'without'} biases."
    )
    if subject.loss:
        text += f" The loss is {_spaced(subject.loss)}."
    if subject.weights is not None:
        text += " Blue lines are positive weights, orange ones negative, wide ones large."
    return text


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _named(function: str) -> str:
    return f" ({_spaced(function)})" if function else ""


def _spaced(name: str) -> str:
    return name.replace("_", " ")

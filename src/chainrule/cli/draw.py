"""``chainrule draw``: the picture of a network, or of a model with its weights."""

from dataclasses import dataclass
from pathlib import Path
from typing import final

from chainrule.cli.console import say
from chainrule.errors import DataError
from chainrule.files import check_writable, load, refuse_to_replace
from chainrule.model import Network
from chainrule.picture import Picture, check_suffix, draw
from chainrule.trained import TrainedModel

__all__ = ["DrawOptions", "draw_network"]

_WIDEST = 10**6


@final
@dataclass(frozen=True)
class DrawOptions:
    """What the command line says; see ``chainrule draw --help``."""

    network: tuple[str, ...]
    hidden: tuple[str, ...] | None
    output: str | None
    loss: str | None
    bias: bool | None
    max_neurons: int
    out: Path | None


def draw_network(options: DrawOptions) -> int:
    """Draw a network and write the picture to a file, or as SVG to standard output.

    Parameters
    ----------
    options : DrawOptions
        The command line.

    Returns
    -------
    int
        The exit status, 0.

    Raises
    ------
    ChainruleError
        If the options do not describe a network, the model cannot be read, or the picture cannot
        be written.
    """
    if options.out is not None:
        check_suffix(options.out)
        check_writable(options.out)
        refuse_to_replace(options.out, *options.network)
    picture = draw(_network(options), max_neurons=options.max_neurons)
    if options.out is None:
        print(picture.to_svg(), end="", flush=True)
    else:
        picture.save(options.out)
        say(_written(picture, options.out))
    return 0


def _network(options: DrawOptions) -> Network | TrainedModel:
    """Take layer sizes for a network, and anything else for the file of a model."""
    given = options.network
    if len(given) == 1 and not _is_number(given[0]):
        _refuse_for_a_model(options)
        return load(given[0])
    hidden = options.hidden or ("logistic",)
    return Network(
        [_size(text) for text in given],
        hidden[0] if len(hidden) == 1 else hidden,
        options.output or "softmax",
        options.loss,
        options.bias is not False,
    )


def _refuse_for_a_model(options: DrawOptions) -> None:
    named = {
        "--hidden": options.hidden,
        "--output": options.output,
        "--loss": options.loss,
        "--bias and --no-bias": options.bias,
    }
    for name, value in named.items():
        if value is not None:
            raise DataError(
                f"{name} is for a network of layer sizes; {options.network[0]} has its own"
            )


def _size(text: str) -> int:
    if not _is_number(text) or not 1 <= int(text) <= _WIDEST:
        raise DataError(
            f"layer sizes are whole numbers from 1 to {_WIDEST}, and {text!r} is not one of them"
        )
    return int(text)


def _is_number(text: str) -> bool:
    try:
        int(text)
    except ValueError:
        return False
    return True


def _written(picture: Picture, out: Path) -> str:
    return f"{picture.scene.title}: {out}"

"""PNG and PDF: what matplotlib draws from the same geometry."""

import sys
from io import BytesIO
from itertools import combinations

import matplotlib
import numpy as np
import pytest
from drawn_networks import scene, strange_scene, weighted_scene
from matplotlib.transforms import Bbox
from PIL import Image

from chainrule.arrays import Array
from chainrule.errors import MissingLibraryError, SpecificationError
from chainrule.picture.layout import scene_of
from chainrule.picture.plotted import figure_of, plotted
from chainrule.picture.scene import Box, Scene
from chainrule.picture.subject import Subject

SCENES = {
    "usual": scene(256, 7, 10),
    "large": scene(123456, 4096, 98765),
    "deep": scene(*[88] * 12, 3),
    "weighted": weighted_scene([[1.0, -2.0], [0.0, 0.5]], [[3.0, 1e-9]]),
    "strange": strange_scene(),
}


def pixels(content: bytes) -> Array:
    with Image.open(BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"))


def real_boxes(picture: Scene) -> list[Box]:
    """What the labels cover when matplotlib writes them, in the picture's own units."""
    figure = figure_of(picture)
    figure.set_dpi(96)
    figure.draw_without_rendering()
    extents: list[Bbox] = [text.get_window_extent() for text in figure.axes[0].texts]
    return [
        Box(one.x0, picture.height - one.y1, one.x1, picture.height - one.y0) for one in extents
    ]


@pytest.mark.parametrize("name", SCENES)
def test_labels_take_no_more_room_than_the_layout_gave_them(name: str) -> None:
    picture = SCENES[name]
    rounding = 1.5  # the renderer rounds to whole pixels
    for text, real in zip(picture.texts, real_boxes(picture), strict=True):
        assert real.right - real.left <= text.box.right - text.box.left + rounding, text
        assert text.box.left - rounding <= real.left, text
        assert text.box.top - rounding <= real.top, text
        assert real.bottom <= text.box.bottom + rounding, text


@pytest.mark.parametrize("name", SCENES)
def test_no_label_meets_another_when_it_is_really_written(name: str) -> None:
    boxes = real_boxes(SCENES[name])
    assert [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])] == []


@pytest.mark.parametrize("dpi", [96, 200])
def test_the_size_in_pixels_follows_the_resolution(dpi: int) -> None:
    picture = scene(3, 4, 2)
    high, wide, _ = pixels(plotted(picture, "png", dpi)).shape
    assert [wide, high] == pytest.approx(
        [picture.width * dpi / 96, picture.height * dpi / 96], abs=1
    )


def test_what_is_drawn_stands_where_the_layout_put_it() -> None:
    picture = weighted_scene([[-2.0]])
    image = pixels(plotted(picture, "png", 192))
    (start, end) = picture.connections[0].start, picture.connections[0].end
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    assert tuple(image[round(2 * y), round(2 * x)]) == (0xD5, 0x5E, 0x00)
    inputs = next(disc for disc in picture.discs if disc.kind == "output")
    x, y = inputs.centre
    assert tuple(image[round(2 * y), round(2 * x)]) == (0xC9, 0xD0, 0xDA)
    assert tuple(image[2, 2]) == (255, 255, 255)


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_the_same_network_gives_the_same_bytes(form: str) -> None:
    first, second = (plotted(scene(3, 4, 2), form) for _ in range(2))  # type: ignore[arg-type]
    assert first == second
    assert first.startswith({"png": b"\x89PNG", "pdf": b"%PDF"}[form])


def test_the_style_of_a_notebook_changes_nothing() -> None:
    usual = plotted(scene(3, 2), "png", 96)
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "savefig.bbox": "tight"}):
        assert plotted(scene(3, 2), "png", 96) == usual
        assert matplotlib.rcParams["font.size"] == 30


def test_dollars_are_no_mathematics_in_a_name() -> None:
    picture = scene_of(Subject((2, 2, 2), ("a$b$c",), "", "", bias=True), 10)
    written = [text.get_text() for text in figure_of(picture).axes[0].texts]
    assert r"a\$b\$c" in written


def test_a_pdf_does_not_tell_when_it_was_made() -> None:
    assert b"CreationDate" not in plotted(scene(3, 2), "pdf")


def test_a_network_whose_weights_are_all_zero_is_drawn() -> None:
    assert plotted(weighted_scene([[0.0]]), "png", 96)


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    sentence = r"drawing a \.png needs matplotlib.*pip install 'chainrule\[plot\]'"
    with pytest.raises(MissingLibraryError, match=sentence):
        plotted(scene(3, 2), "png")


@pytest.mark.parametrize("dpi", [0, -5, 9, 2401, float("nan")])
def test_a_resolution_that_makes_no_sense_is_told(dpi: float) -> None:
    with pytest.raises(SpecificationError, match="must be from 10 to 2400, not"):
        plotted(scene(3, 2), "png", dpi)  # type: ignore[arg-type]

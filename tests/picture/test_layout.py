"""The layout: everything has its place, and no label is in the way of anything."""

from itertools import combinations, pairwise

import pytest
from drawn_networks import scene, subjects, weighted_scene
from hypothesis import given, settings

from chainrule.errors import SpecificationError
from chainrule.picture.label import plain
from chainrule.picture.layout import scene_of
from chainrule.picture.scene import Box, Connection, Disc, Scene
from chainrule.picture.subject import Subject


def labels(picture: Scene) -> set[str]:
    return {plain(text.label) for text in picture.texts}


def boxes(picture: Scene) -> list[Box]:
    return [text.box for text in picture.texts]


def covers(box: Box, line: Connection) -> bool:
    """Whether a line runs through a box: at some x, and there between its top and bottom."""
    (x_0, y_0), (x_1, y_1) = line.start, line.end
    left, right = max(x_0, box.left), min(x_1, box.right)
    if left >= right:
        return False
    heights = [y_0 + (x - x_0) / (x_1 - x_0) * (y_1 - y_0) for x in (left, right)]
    return min(heights) < box.bottom and box.top < max(heights)


def around(disc: Disc) -> Box:
    (x, y), r = disc.centre, disc.radius
    return Box(x - r, y - r, x + r, y + r)


@given(subjects())
@settings(max_examples=60, deadline=None)
def test_no_label_meets_another_or_the_border(subject: Subject) -> None:
    picture = scene_of(subject, 10)
    margin = 9.99
    page = Box(margin, margin, picture.width - margin, picture.height - margin)
    everything = boxes(picture)
    for box in everything:
        assert page.left <= box.left < box.right <= page.right
        assert page.top <= box.top < box.bottom <= page.bottom
    assert [pair for pair in combinations(everything, 2) if pair[0].meets(pair[1])] == []


@given(subjects())
@settings(max_examples=25, deadline=None)
def test_no_label_meets_a_neuron_a_connection_or_the_loss(subject: Subject) -> None:
    picture = scene_of(subject, 6)
    (frame,) = picture.frames or (None,)
    for text in picture.texts:
        assert not any(text.box.meets(around(disc)) for disc in picture.discs)
        assert not any(covers(text.box, line) for line in picture.connections)
        if frame is not None and plain(text.label) != "E":
            (x, y), half = frame.centre, frame.side / 2
            assert not text.box.meets(Box(x - half, y - half, x + half, y + half))


@given(subjects())
@settings(max_examples=25, deadline=None)
def test_layers_are_columns_on_one_line_and_one_pitch_apart(subject: Subject) -> None:
    picture = scene_of(subject, 10)
    columns: dict[float, list[float]] = {}
    for disc in picture.discs:
        columns.setdefault(disc.centre[0], []).append(disc.centre[1])
    assert len(columns) == subject.n_layers + 1
    middles = {round((min(heights) + max(heights)) / 2, 6) for heights in columns.values()}
    pitches = {round(b - a, 6) for a, b in pairwise(sorted(columns))}
    assert len(middles) == len(pitches) == 1


def test_every_quantity_is_named_with_its_size() -> None:
    assert labels(scene(256, 7, 10)) >= {
        *("x", "z(1) → y(1)", "z(2) → y", "y, t → E", "E", "t"),
        *("W(1)  7 × 256", "b(1)  7 × 1", "W(2)  10 × 7", "b(2)  10 × 1"),
        *("256 inputs", "7 hidden", "10 outputs", "loss"),
        *("logistic", "softmax", "cross entropy"),
        *("x_1", "x_4", "x_253", "x_256", "y_1", "y_10"),
    }


def test_a_network_without_biases_has_none_in_its_picture() -> None:
    assert not any(label.startswith("b(") for label in labels(scene(3, 4, 2, bias=False)))


def test_in_a_deep_network_the_quantities_stand_one_above_the_other() -> None:
    deep = labels(scene(*[5] * 10, 2))
    assert deep >= {"x", "z(1)", "y(9)", "z(10)", "y", "W(10)", "b(10)", "2 × 5", "y, t → E"}


def test_without_hidden_layers_the_inputs_meet_the_outputs() -> None:
    picture = scene(3, 2)
    assert len(picture.connections) == 6
    assert "z(1) → y" in labels(picture)


def test_one_input_and_one_output_need_no_index() -> None:
    assert labels(scene(1, 2)) >= {"x", "1 input"}
    assert "x_1" not in labels(scene(1, 2))


def test_every_neuron_drawn_is_connected_with_every_one_of_the_next_layer() -> None:
    assert len(scene(3, 4, 2).connections) == 3 * 4 + 4 * 2
    assert len(scene(256, 7, 10).connections) == 8 * 7 + 7 * 10
    assert len(scene(5, 6, max_neurons=4).connections) == 2 * 2


def test_a_weight_belongs_to_the_line_from_its_input_to_its_output() -> None:
    picture = weighted_scene([[1.0, -4.0]])
    x_1, x_2 = (disc.centre for disc in picture.discs if disc.kind == "input")
    lines = {line.start: line.weight for line in picture.connections[:2]}
    assert lines == {x_1: 0.25, x_2: -1.0}


def test_the_heaviest_line_is_drawn_last_and_one_without_weight_not_at_all() -> None:
    picture = weighted_scene([[3.0, 0.0], [-6.0, 1.5]])
    *lines, positive, negative = picture.connections
    assert [line.weight for line in lines] == [0.25, 0.5, -1.0]
    assert [positive.weight, negative.weight] == [1.0, -1.0]  # the key


def test_all_layers_share_one_scale() -> None:
    picture = weighted_scene([[2.0]], [[-1.0]])
    assert [line.weight for line in picture.connections[:2]] == [-0.5, 1.0]


def test_the_scale_is_that_of_the_neurons_that_are_drawn() -> None:
    weights = [[1.0] * 4 + [100.0] * 12 + [-2.0] * 4]
    assert {"w = 2", "w = −2"} <= labels(weighted_scene(weights))


@pytest.mark.parametrize(("largest", "says"), [(0.12345, "0.123"), (3.0, "3"), (1e-9, "1e-09")])
def test_the_key_says_what_the_widest_lines_are(largest: float, says: str) -> None:
    assert {f"w = {says}", f"w = −{says}"} <= labels(weighted_scene([[largest]]))


def test_a_key_that_is_wider_than_the_network_has_its_place() -> None:
    picture = weighted_scene([[1.23e-8]])
    lines = [line for line in picture.connections if line.start[1] == line.end[1]]
    assert min(line.start[0] for line in lines) >= 9.99
    assert max(box.right for box in boxes(picture)) <= picture.width - 9.99


def test_an_index_stands_level_with_its_neuron() -> None:
    picture = scene(3, 2)
    levels = [disc.centre[1] for disc in picture.discs]
    indices = [text for text in picture.texts if plain(text.label)[:2] in {"x_", "y_"}]
    for text, level in zip(indices, levels, strict=True):
        assert (text.box.top + text.box.bottom) / 2 == pytest.approx(level, abs=1.5)


def test_a_long_name_takes_two_lines() -> None:
    subject = Subject((3, 1), (), "logistic", "binary_cross_entropy", bias=True)
    assert labels(scene_of(subject, 10)) >= {"binary", "cross entropy"}


def test_a_network_whose_weights_are_all_zero_has_neither_lines_nor_key() -> None:
    picture = weighted_scene([[0.0, 0.0]])
    assert picture.connections == ()
    assert not any("=" in label for label in labels(picture))


def test_the_same_network_has_the_same_layout() -> None:
    assert scene(256, 7, 10) == scene(256, 7, 10)


@pytest.mark.parametrize("most", [3, 51, 0, -1, 10.0, True, "10", None])
def test_a_number_of_places_that_makes_no_sense_is_told(most: object) -> None:
    sentence = f"must be a whole number from 4 to 50, not {most!r}"
    with pytest.raises(SpecificationError, match=sentence):
        scene(3, 2, max_neurons=most)  # type: ignore[arg-type]

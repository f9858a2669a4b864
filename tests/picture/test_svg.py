"""SVG: valid XML of one element, that says in text what it shows."""

import re
from xml.etree import ElementTree

import pytest
from drawn_networks import STRANGE_NAME, scene, strange_scene, subjects, weighted_scene
from hypothesis import given, settings

from chainrule.picture.layout import scene_of
from chainrule.picture.subject import Subject
from chainrule.picture.svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"
KNOWN = {"title", "desc", "rect", "g", "path", "circle", "text", "tspan"}


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def texts(picture: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


@given(subjects())
@settings(max_examples=25, deadline=None)
def test_it_is_one_element_of_valid_xml_for_any_network(subject: Subject) -> None:
    text = to_svg(scene_of(subject, 10))
    root = parsed(text)
    assert root.tag == f"{SVG}svg"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} - {"svg"} <= KNOWN
    assert not re.search(r"nan|inf[^i]", re.sub(r"<(title|desc|text).*", "", text))


def test_the_view_box_is_the_size_of_the_picture() -> None:
    picture = scene(256, 7, 10)
    root = parsed(to_svg(picture))
    assert [float(number) for number in root.attrib["viewBox"].split()] == pytest.approx(
        [0, 0, picture.width, picture.height], abs=0.01
    )


def test_the_title_and_the_description_are_for_those_who_do_not_see_it() -> None:
    root = parsed(to_svg(scene(256, 7, 10)))
    title, description = root[0], root[1]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
    assert title.text == "A network of 256, 7 and 10 neurons"
    assert description.text is not None
    assert "10 outputs (softmax)" in description.text


def test_two_pictures_in_one_page_have_names_of_their_own() -> None:
    names = [set(re.findall(r'id="([^"]*)"', to_svg(one))) for one in (scene(3, 2), scene(3, 4, 2))]
    assert names[0].isdisjoint(names[1])


def test_a_superscript_is_raised_and_the_baseline_comes_back() -> None:
    root = parsed(to_svg(scene(3, 4, 2)))
    for text in root.iter(f"{SVG}text"):
        shifts = [float(span.attrib.get("dy", 0)) for span in text]
        if "".join(text.itertext()) == "z(1)→y(1)":
            assert shifts == pytest.approx([0, -6, 6, 0, -6])
            break
    else:
        pytest.fail("there is no z(1) → y(1)")


def test_a_subscript_is_lowered() -> None:
    root = parsed(to_svg(scene(3, 2)))
    (label,) = (text for text in root.iter(f"{SVG}text") if "".join(text.itertext()) == "x1")
    assert float(label[1].attrib["dy"]) > 0


def test_a_name_of_any_signs_is_written_as_it_is() -> None:
    written = " ".join(texts(parsed(to_svg(strange_scene()))))
    for word in STRANGE_NAME.replace("_", " ").split():
        assert word in written


def test_control_characters_that_xml_cannot_hold_are_left_out() -> None:
    text = to_svg(scene_of(Subject((2, 2, 2), ("a\x00b\x1bc",), "", "", True), 10))
    assert "abc" in "".join(texts(parsed(text)))


def test_positive_weights_are_blue_and_negative_ones_orange_and_wide_if_large() -> None:
    root = parsed(to_svg(weighted_scene([[1.0, -2.0]])))
    lines = [path.attrib for path in root.iter(f"{SVG}path") if "stroke-width" in path.attrib]
    looks = [(line["stroke"], float(line["stroke-width"])) for line in lines]
    assert looks[:2] == [("#0072B2", 1.7), ("#D55E00", 3.4)]


def test_lines_of_one_look_are_one_path_so_that_a_large_network_is_a_small_file() -> None:
    assert len(to_svg(scene(*[10] * 21)).encode()) < 100_000


def test_the_same_network_gives_the_same_bytes() -> None:
    assert to_svg(scene(256, 7, 10)) == to_svg(scene(256, 7, 10))

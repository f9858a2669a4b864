"""Symbolic sizes and shapes."""

import pytest

from chainrule.calculus.shapes import SCALAR, Shape, Size, equal_shapes, product_shape
from chainrule.errors import ShapeError

n_0, n_1, m = Size("n", 0), Size("n", 1), Size("m")


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (m, "m"),
        (n_0, "n_0"),
        (Size("n", "L"), "n_L"),
        (Size("n", "l-1"), "n_{l-1}"),
        (Size("n", 10), "n_{10}"),
    ],
)
def test_a_size_is_written_with_its_layer_as_a_subscript(size: Size, written: str) -> None:
    assert str(size) == written


def test_two_symbols_are_never_equal_whatever_they_stand_for() -> None:
    assert n_0 != n_1
    assert Shape(n_0, 1) != Shape(n_1, 1)
    assert Shape(n_0, 1) == Shape(Size("n", 0), 1)


def test_a_shape_knows_its_transpose_and_whether_it_is_a_vector_or_a_scalar() -> None:
    column = Shape(n_1, 1)
    assert column.transposed == Shape(1, n_1)
    assert column.is_vector
    assert column.transposed.is_vector
    assert not column.is_scalar
    assert SCALAR.is_scalar
    assert not Shape(m, n_0).is_vector
    assert str(Shape(m, n_0)) == "m × n_0"


@pytest.mark.parametrize(
    ("left", "right", "product"),
    [
        (Shape(n_1, n_0), Shape(n_0, 1), Shape(n_1, 1)),
        (Shape(n_1, 1), Shape(1, n_0), Shape(n_1, n_0)),
        (Shape(1, n_0), Shape(n_0, 1), SCALAR),
        (SCALAR, Shape(m, n_0), Shape(m, n_0)),
        (Shape(m, n_0), SCALAR, Shape(m, n_0)),
        (Shape(2, 3), Shape(3, 4), Shape(2, 4)),
    ],
)
def test_a_product_has_the_outer_dimensions_and_a_scalar_scales(
    left: Shape, right: Shape, product: Shape
) -> None:
    assert product_shape(left, right) == product


def test_inner_dimensions_that_differ_are_refused_with_both_shapes() -> None:
    with pytest.raises(ShapeError, match=r"^matrix product: n_1 × n_0 does not fit n_1 × 1$"):
        product_shape(Shape(n_1, n_0), Shape(n_1, 1))


def test_what_a_transpose_would_mend_says_so() -> None:
    with pytest.raises(ShapeError, match="n_0 × 1 does not fit n_0 × 1; transpose one of them"):
        product_shape(Shape(n_0, 1), Shape(n_0, 1))
    with pytest.raises(ShapeError, match="sum: n_0 × 1 does not fit 1 × n_0; transpose one"):
        equal_shapes("sum", Shape(n_0, 1), Shape(1, n_0))


def test_equal_shapes_are_returned() -> None:
    assert equal_shapes("sum", Shape(m, 1), Shape(m, 1)) == Shape(m, 1)

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chainrule.data.image_files import load_images, parse_image_size
from chainrule.errors import DataError

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20


def save(image: Image.Image, path: Path) -> Path:
    image.save(path)
    return path


def test_png_bytes_arrive_unchanged(tmp_path: Path) -> None:
    paths = [save(Image.fromarray(GREY + i), tmp_path / f"{i}.png") for i in range(2)]
    pixels, notes = load_images(tmp_path, paths)
    assert (pixels == np.stack([GREY, GREY + 1])).all()
    assert pixels.dtype == np.uint8
    assert notes == ()


def test_one_coloured_image_makes_all_coloured(tmp_path: Path) -> None:
    colour = Image.new("RGB", (4, 3), (1, 2, 3))
    paths = [
        save(Image.fromarray(GREY), tmp_path / "g.png"),
        save(colour, tmp_path / "c.png"),
    ]
    pixels, _ = load_images(tmp_path, paths)
    assert pixels.shape == (2, 3, 4, 3)
    assert (pixels[0] == GREY[:, :, np.newaxis]).all()
    assert (pixels[1] == (1, 2, 3)).all()


@pytest.mark.parametrize("mode", ["1", "LA", "I;16"])
def test_modes_without_colour_are_grey(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(np.full((3, 4), 65535, dtype=np.uint16))
    image = image if mode == "I;16" else Image.new("L", (4, 3), 255).convert(mode)
    pixels, _ = load_images(tmp_path, [save(image, tmp_path / "x.png")])
    assert (pixels == 255).all()
    assert pixels.shape == (1, 3, 4)


def test_a_palette_with_transparency_is_colour(tmp_path: Path) -> None:
    image = Image.new("RGBA", (4, 3), (200, 100, 50, 255)).quantize()
    image.info["transparency"] = bytes([0, 128])
    pixels, _ = load_images(tmp_path, [save(image, tmp_path / "x.png")])
    assert (pixels == (200, 100, 50)).all()


@pytest.mark.parametrize(
    ("sizes", "expected", "note"),
    [
        ([(5, 7)], (7, 5), ()),
        ([(64, 64)], (64, 64), ()),
        ([(65, 60)], (32, 32), ("Images of 65 × 60 brought to 32 × 32 (width × height).",)),
        (
            [(5, 7), (7, 5)],
            (32, 32),
            ("Images of 2 different sizes brought to 32 × 32 (width × height).",),
        ),
    ],
)
def test_small_images_of_one_size_keep_it(
    tmp_path: Path,
    sizes: list[tuple[int, int]],
    expected: tuple[int, int],
    note: tuple[str, ...],
) -> None:
    images = (Image.new("L", size) for size in sizes)
    paths = [save(image, tmp_path / f"{i}.jpg") for i, image in enumerate(images)]
    pixels, notes = load_images(tmp_path, paths)
    assert (pixels.shape[1:], notes) == (expected, note)


def test_a_size_is_width_and_height(tmp_path: Path) -> None:
    path = save(Image.fromarray(GREY), tmp_path / "x.png")
    assert load_images(tmp_path, [path], size=(8, 5))[0].shape == (1, 5, 8)


def test_the_shape_of_a_model_decides_size_and_colour(tmp_path: Path) -> None:
    path = save(Image.fromarray(GREY), tmp_path / "x.png")
    pixels, notes = load_images(tmp_path, [path], size=(8, 5), shape=(6, 7, 3))
    assert (pixels.shape, notes) == ((1, 6, 7, 3), ())


def test_a_model_of_flat_pixels_reads_no_image_files(tmp_path: Path) -> None:
    path = save(Image.fromarray(GREY), tmp_path / "x.png")
    with pytest.raises(DataError, match="pixels of shape 12"):
        load_images(tmp_path, [path], shape=(12,))


def test_a_photograph_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn by 90 degrees.
    wide = Image.fromarray(
        np.repeat(np.array([[0, 255]], dtype=np.uint8), 16, axis=0).repeat(16, axis=1)
    )
    wide.save(tmp_path / "x.jpg", exif=exif)
    pixels, _ = load_images(tmp_path, [tmp_path / "x.jpg"], size=(16, 32))
    assert pixels[0, :8].mean() < 50
    assert pixels[0, -8:].mean() > 200


def test_a_file_that_is_no_image_is_named(tmp_path: Path) -> None:
    (tmp_path / "3").mkdir()
    path = tmp_path / "3" / "x.png"
    path.write_text("hello")
    with pytest.raises(DataError, match=r"the image 3/x\.png cannot be read: it is no PNG or JPEG"):
        load_images(tmp_path, [path])


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_an_image_that_is_cut_short_is_named(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    path = save(Image.fromarray(noise), tmp_path / f"x.{suffix}")
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match=rf"the image x\.{suffix} cannot be read"):
        load_images(tmp_path, [path])


def test_a_small_file_that_claims_gigabytes_is_refused(tmp_path: Path) -> None:
    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\x09IDAT")
    with pytest.raises(DataError, match=r"the image x\.png cannot be read: Image size \(36"):
        load_images(tmp_path, [tmp_path / "x.png"])


@pytest.mark.parametrize(
    ("text", "size"), [("28", (28, 28)), ("32x24", (32, 24)), (" 8 X 9 ", (8, 9)), ("8×9", (8, 9))]
)
def test_a_size_is_read(text: str, size: tuple[int, int]) -> None:
    assert parse_image_size(text) == size


@pytest.mark.parametrize("text", ["", "x", "8x", "8x8x3", "-3", "0", "4097", "a", "1.5", "²"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="image"):
        parse_image_size(text)

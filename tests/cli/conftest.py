"""Small files, and models of them trained once by the shell itself."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from shell_runs import run_shell, small_table


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "trees.csv"
    small_table().to_csv(path, index=False)
    return path


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Light and dark images, in one subfolder a class."""
    folder = tmp_path / "images"
    rng = np.random.default_rng(0)
    for name, level in (("dark", 0), ("light", 150)):
        (folder / name).mkdir(parents=True)
        for i in range(12):
            pixels = (level + rng.integers(0, 100, (6, 6))).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{i}.png")
    return folder


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with answer.safetensors and price.safetensors."""
    folder = tmp_path_factory.mktemp("models")
    table = folder / "trees.csv"
    small_table().to_csv(table, index=False)
    for target in ("answer", "price"):
        out = folder / f"{target}.safetensors"
        ran = run_shell("train", table, "--target", target, "--epochs", 5, "--out", out)
        assert ran.status == 0, ran.err
    return folder


@pytest.fixture
def model(models: Path) -> Path:
    return models / "answer.safetensors"

"""What every test can rely on: one thread, one seed, and the real data where it lies."""

import os

# The BLAS reads these when NumPy is first imported, so they come before every other import.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from pathlib import Path  # noqa: E402

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

CHECKOUT = Path(__file__).resolve().parents[1]

settings.register_profile("chainrule", derandomize=True, deadline=None)
settings.load_profile("chainrule")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; the tests that need it skip without it."""
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the data folder ../shared beside the checkout")
    return folder

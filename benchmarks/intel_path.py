"""Make Intel's BLAS take the kernels on AMD processors that it takes on Intel's.

Intel's Math Kernel Library asks its function ``mkl_serv_intel_cpu_true`` who made the processor,
and multiplies more slowly where the answer is another maker. Versions since 2020 no longer read the
variable that used to choose. A library loaded before it, whose function of that name says yes,
decides instead; it is compiled into a temporary folder and loaded into one contender alone.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Final

__all__ = ["build"]

SOURCE: Final = "int mkl_serv_intel_cpu_true(void) { return 1; }\n"


def build(folder: Path) -> Path | None:
    """Compile the library.

    Parameters
    ----------
    folder : Path
        Where to; it must outlive the contender.

    Returns
    -------
    Path or None
        None where there is no C compiler.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, library = folder / "intel_path.c", folder / "intel_path.so"
    source.write_text(SOURCE, encoding="ascii")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    return library

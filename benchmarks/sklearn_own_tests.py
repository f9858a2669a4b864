"""scikit-learn's own tests of its two networks, run with chainrule's in their place.

    python benchmarks/sklearn_own_tests.py

Caveats first. The test module is found in the installed scikit-learn, so what is run depends on its
version, which is printed. Nothing of it is copied: this file is loaded as a pytest plugin, which
puts `chainrule.MLPClassifier` and `chainrule.MLPRegressor` where the module looks for
scikit-learn's before it is imported. Tests that reach into private attributes test how
scikit-learn is built and not what it does; those that fail are listed as such. The exit status is 1
if any other test fails.
"""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

MODULE = "sklearn.neural_network.tests.test_mlp"
#: What a test touches that is not in the documented interface.
PRIVATE = re.compile(r"\.(_(?!_)\w+)")


def pytest_configure() -> None:
    """Put ours in place of theirs; pytest calls this in the subprocess."""
    import sklearn.neural_network

    import chainrule

    sklearn.neural_network.MLPClassifier = chainrule.MLPClassifier
    sklearn.neural_network.MLPRegressor = chainrule.MLPRegressor


def test_module() -> Path:
    """Find the module without importing it."""
    spec = importlib.util.find_spec(MODULE)
    if spec is None or spec.origin is None:
        raise SystemExit(
            f"the installed scikit-learn has no {MODULE}; its wheels contain the tests"
        )
    return Path(spec.origin)


def run(module: Path, folder: str) -> subprocess.CompletedProcess[str]:
    """Run the tests in a process of their own, with scikit-learn's own fixtures and no settings."""
    settings = Path(folder) / "pytest.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")
    here = str(Path(__file__).resolve().parent)
    paths = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "pytest", str(module), "-c", str(settings), "-q", "--tb=line"]
    command += ["-rfE", "--noconftest", "-p", "no:cacheprovider"]
    command += ["-p", "sklearn.conftest", "-p", Path(__file__).stem]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths},
    )


def failures(output: str) -> Iterator[tuple[str, str]]:
    """Give name and reason of every test that did not pass, from pytest's summary."""
    for line in output.splitlines():
        found = re.match(r"(?:FAILED|ERROR) \S*?(?:::(\S+))?(?: - (.*))?$", line)
        if found:
            yield found[1] or "(the module)", found[2] or "no reason given"


def private_names(source: str, test: str) -> list[str]:
    """List the private attributes that a test names."""
    function = test.split("[", maxsplit=1)[0]
    body = re.search(rf"^def {function}\(.*?(?=^\S(?!\))|\Z)", source, re.MULTILINE | re.DOTALL)
    return sorted(set(PRIVATE.findall(body[0]))) if body else []


def main() -> None:
    """Run the tests and print what fails and why."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("chainrule", "scikit-learn"))
    print(f"{versions}, Python {sys.version.split()[0]}")
    module = test_module()
    with tempfile.TemporaryDirectory() as folder:
        done = run(module, folder)
    source, unexpected = module.read_text(encoding="utf-8"), 0
    for test, reason in failures(done.stdout):
        names = private_names(source, test)
        unexpected += not names
        about = f"reaches into {', '.join(names)}" if names else "uses only the public interface"
        print(f"failed: {test} ({about}): {reason}")
    print(done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr)
    raise SystemExit(1 if unexpected or done.returncode > 1 else 0)


if __name__ == "__main__":
    main()

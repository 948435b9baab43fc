"""The set-up of the environments: progress, stamps and failures, with pip doing nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import bootstrap
from sandbox.bootstrap import Environment, set_up_all

REQUIREMENTS = "# comment\none==1.0 \\\n    --hash=sha256:00\n    # via two\ntwo[extra]==2.0\n"


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """An environment whose requirements are an empty list."""
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# nothing\n", "utf-8")
    return Environment("dev", tmp_path / "venv", requirements)


@pytest.mark.servers
def test_an_environment_is_made_once(environment: Environment) -> None:
    assert set_up_all([environment]) == []
    assert environment.step == "ready"
    again = Environment("dev", environment.directory, environment.requirements)
    assert set_up_all([again]) == []
    assert again.step == "already there"
    environment.requirements.write_text("# something else\n", "utf-8")
    assert not again.is_ready()


@pytest.mark.servers
def test_a_failing_step_is_named_with_the_end_of_its_output(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.requirements.write_text("not a requirement ?\n", "utf-8")
    (error,) = set_up_all([environment])
    assert "the step 'install packages' failed" in str(error)
    assert "Invalid requirement" in str(error)
    assert "dev: failed" in capsys.readouterr().out
    assert not environment.is_ready()


def test_progress_is_read_from_pip(environment: Environment) -> None:
    environment.total = 2
    seen: set[str] = set()
    for line in ("Collecting one==1.0", "  Downloading one.whl (1 MB)", "Collecting one==1.0"):
        environment._follow(line, seen)
    assert environment.describe() == "dev: 1/2 packages, collect one (0 s)"
    environment._follow("Requirement already satisfied: two==2.0 in somewhere", seen)
    environment._follow("Installing collected packages: one, two", seen)
    assert environment.describe() == "dev: 2/2 packages, installing (0 s)"


def test_packages_found_in_a_local_directory_are_counted_once(environment: Environment) -> None:
    environment.total = 5
    seen: set[str] = set()
    environment._follow(
        "Processing /wheels/annotated_types-0.8.0-py3-none-any.whl (from -r x)", seen
    )
    environment._follow("Collecting annotated-types==0.8.0", seen)
    environment._follow("Processing /wheels/PyYAML-6.0-cp311-manylinux.whl", seen)
    assert seen == {"annotated-types", "pyyaml"}


def test_packages_are_counted_in_the_requirements() -> None:
    assert bootstrap._REQUIREMENT.findall(REQUIREMENTS) == ["one", "two"]


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))
    assert bootstrap.main() == 1
    assert "needs Python 99.0 or later" in capsys.readouterr().out


def test_it_imports_the_standard_library_only() -> None:
    command = [sys.executable, "-I", "-S", "-c", f"exec(open({bootstrap.__file__!r}).read())"]
    finished = subprocess.run([*command, "-h"], capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError" not in finished.stderr

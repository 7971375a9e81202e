"""The locked requirements are complete, hashed and name no machine; the wheel carries it all."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from translations import languages

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements-build.txt", "requirements.txt", "requirements-test.txt")
_PIN = re.compile(r"^([a-z0-9-]+)==(\S+) \\$", re.MULTILINE)

SUPPORTED = [
    {
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.4",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "sys_platform": system.lower(),
        "platform_system": system,
        "platform_machine": machine,
    }
    for minor in (11, 12, 13, 14)
    for system, machine in (
        ("Linux", "x86_64"),
        ("Linux", "aarch64"),
        ("Darwin", "arm64"),  # cryptography has no wheels for Intel's any more
    )
]


def pins(name: str) -> dict[str, str]:
    """The versions a lock installs, by canonical name."""
    return {found[1]: found[2] for found in _PIN.finditer((ROOT / name).read_text("utf-8"))}


def project() -> dict[str, list[str]]:
    """What pyproject.toml asks for: by the lock that has to hold it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)
    return {
        "requirements-build.txt": settings["build-system"]["requires"],
        "requirements.txt": settings["project"]["dependencies"],
        "requirements-test.txt": settings["project"]["optional-dependencies"]["test"],
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_no_folder(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)", text, re.MULTILINE)
    assert not re.search(r"(^|\s)/\w", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    blocks = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(name)) > 5
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_the_project_asks_for(name: str) -> None:
    locked = pins(name)
    for requirement in map(Requirement, project()[name]):
        version = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_the_locks_agree_with_each_other() -> None:
    versions: dict[str, set[str]] = {}
    for name in LOCKS:
        for package, version in pins(name).items():
            versions.setdefault(package, set()).add(version)
    assert {package for package, found in versions.items() if len(found) > 1} == set()


def test_the_locks_are_complete_on_every_supported_python_and_system() -> None:
    """pip-compile only sees the machine it runs on; what others need must be in the file, too."""
    locked = {package: version for name in LOCKS for package, version in pins(name).items()}
    missing = set()
    for package in locked:
        for needed in map(Requirement, requires(package) or ()):
            name = canonicalize_name(needed.name)
            for environment in SUPPORTED:
                if needed.marker and not needed.marker.evaluate({**environment, "extra": ""}):
                    continue
                if name not in locked or not needed.specifier.contains(locked[name]):
                    missing.add(f"{package} needs {needed}")
    assert missing == set()


def test_what_is_written_for_builds_is_what_builds() -> None:
    text = (ROOT / "requirements-build.in").read_text("utf-8")
    assert set(project()["requirements-build.txt"]) <= set(re.split(r"\s*(?:#.*)?\n", text))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    return built


def test_a_wheel_carries_rooms_pages_and_compiled_catalogs_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    rooms = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert rooms == {"recourse", "bot", "webadmin", "casework", "translations", "migrations"}
    assert "webadmin/static/vendor/bootstrap.rtl.min.css" in names
    catalogs = {name for name in names if name.endswith(".po")}
    assert {path.relative_to(ROOT).as_posix() for path in ROOT.glob("translations/*/*/*.po")} == (
        catalogs
    )
    assert {name.removesuffix(".po") + ".mo" for name in catalogs} <= names
    assert not any("__pycache__" in name for name in names)


def test_an_installed_package_can_tell_how_complete_its_languages_are(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path)
    program = (
        "import recourse.cli as c; assert c.__file__.startswith({!r}), c.__file__; c.main({!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program.format(str(tmp_path), ["languages", "--format", "json"])],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "RECOURSE_DATA_DIR": str(tmp_path / "var")},
        check=True,
        capture_output=True,
    )
    rows = json.loads(done.stdout)
    assert {row["tag"] for row in rows} == set(languages("bot"))
    assert all(row["translated"] == row["total"] > 100 for row in rows)

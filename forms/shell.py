"""What templates need of the built bundles: addresses of stylesheet, scripts and icons."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Flask, url_for
from markupsafe import Markup

STATIC = Path(__file__).parent / "static"


@cache
def manifest() -> dict[str, dict[str, list[str]]]:
    """Entry → its files, as the build wrote them.

    Raises:
        FileNotFoundError: the package was not built; installing it builds the bundles.
    """
    path = STATIC / "dist" / "manifest.json"
    if not path.exists():
        raise FileNotFoundError(f"Expected the built {path.name}, but it is missing: run `make setup`")
    return json.loads(path.read_text())


def install(app: Flask) -> None:
    """Adds `island(name)` and `icon(name)` to templates."""
    app.jinja_env.globals.update(island=island, icon=icon)


def island(name: str) -> Markup:
    """The tags that load an entry of the build: its stylesheets, then its scripts."""
    files = manifest()[name]
    tags = [Markup('<link rel="stylesheet" href="{}">').format(_dist(file)) for file in files["css"]]
    tags += [Markup('<script type="module" src="{}"></script>').format(_dist(file)) for file in files["js"]]
    return Markup("\n").join(tags)


def icon(name: str, size: str = "") -> Markup:
    """An icon of `static/icons.svg`; decoration only, so hidden from screen readers."""
    url = url_for("static", filename="icons.svg")
    return Markup('<svg class="ico {}" aria-hidden="true"><use href="{}#{}"/></svg>').format(size, url, name)


def _dist(file: str) -> str:
    return url_for("static", filename=f"dist/{file}")

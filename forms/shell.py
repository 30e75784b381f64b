"""What templates need of the built bundles: addresses of stylesheet, scripts, pictures and icons."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for
from markupsafe import Markup

STATIC = Path(__file__).parent / "static"

KEPT = timedelta(days=365)
"""How long a browser may keep a static file: its address changes whenever its content does."""


def install(app: Flask) -> None:
    """Adds `island(name)`, `asset(name)` and `icon(name)` to templates."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEPT
    app.jinja_env.globals.update(island=island, asset=asset, icon=icon)


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


def island(name: str) -> Markup:
    """The tags that load an entry of the build: its stylesheets, then its scripts."""
    files = manifest()[name]
    tags = [Markup('<link rel="stylesheet" href="{}">').format(_dist(file)) for file in files["css"]]
    tags += [Markup('<script type="module" src="{}"></script>').format(_dist(file)) for file in files["js"]]
    return Markup("\n").join(tags)


def asset(name: str) -> str:
    """The address of a file in `static/` that the build does not touch, with its content's digest."""
    return url_for("static", filename=name, v=_digest(name))


def icon(name: str, size: str = "") -> Markup:
    """An icon of `static/icons.svg`; decoration only, so hidden from screen readers. `size` is '' or 's'."""
    classes = f"ico {size}".rstrip()
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        classes, asset("icons.svg"), name
    )


@cache
def _digest(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def _dist(file: str) -> str:
    return url_for("static", filename=f"dist/{file}")

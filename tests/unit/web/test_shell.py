"""Templates get the addresses of what the build wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from forms import shell


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A static folder with a manifest of two entries, inside a request."""
    (tmp_path / "dist").mkdir()
    manifest = {
        "app": {"js": ["app-A.js"], "css": []},
        "viewer": {"js": ["viewer-B.js"], "css": ["viewer-C.css"]},
    }
    (tmp_path / "dist" / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "icons.svg").write_text("<svg/>")
    monkeypatch.setattr(shell, "STATIC", tmp_path)
    shell.manifest.cache_clear()
    shell._digest.cache_clear()
    app = Flask(__name__)
    shell.install(app)
    with app.test_request_context():
        yield tmp_path
    shell.manifest.cache_clear()
    shell._digest.cache_clear()


def test_an_island_loads_its_stylesheet_before_its_script(built: Path) -> None:
    assert shell.island("viewer").splitlines() == [
        '<link rel="stylesheet" href="/static/dist/viewer-C.css">',
        '<script type="module" src="/static/dist/viewer-B.js"></script>',
    ]


def test_an_unknown_island_is_an_error_of_the_page(built: Path) -> None:
    with pytest.raises(KeyError, match="modeler"):
        shell.island("modeler")


def test_a_changed_picture_gets_another_address(built: Path) -> None:
    before = shell.asset("icons.svg")
    (built / "icons.svg").write_text("<svg><g/></svg>")
    shell._digest.cache_clear()
    assert before.startswith("/static/icons.svg?v=")
    assert shell.asset("icons.svg") != before


def test_an_icon_is_hidden_from_screen_readers(built: Path) -> None:
    drawn = shell.icon("bell", "s")
    assert drawn.startswith('<svg class="ico s" aria-hidden="true"><use href="/static/icons.svg?v=')
    assert drawn.endswith('#bell"/></svg>')


def test_a_missing_build_says_what_to_do(built: Path) -> None:
    (built / "dist" / "manifest.json").unlink()
    with pytest.raises(FileNotFoundError, match="make setup"):
        shell.island("app")

"""Small forms and the choices they may offer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from forms.fields import FileRef, Option
from forms.schema import FormFile

TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Shelf:
    """Two units in two groups, and two stored files."""

    def options(self, source: str, properties: Mapping[str, str]) -> Sequence[Option]:
        return {"unit": (Option("A01", "甲街办", "街办"), Option("B01", "乙局", "部门"))}.get(source, ())

    def files(self, ids: Sequence[str]) -> Sequence[FileRef]:
        known = {
            "f1": FileRef("f1", "照片.jpg", 2048, "/attachment/f1"),
            "f2": FileRef("f2", "<b>.pdf", 3 << 20),
        }
        return [known[item] for item in ids if item in known]


@pytest.fixture
def sources() -> Shelf:
    return Shelf()


MakeForm = Callable[..., FormFile]
Judge = Callable[[Mapping[str, Any], Any], tuple[Any, str]]


@pytest.fixture
def make_form() -> MakeForm:
    """A form of these components, linted."""

    def make(*components: Mapping[str, Any]) -> FormFile:
        return FormFile.parse(json.dumps({"components": components}), "F-TEST")

    return make


@pytest.fixture
def judge(make_form: MakeForm, sources: Shelf) -> Judge:
    """(clean value, error) of one field of key ``x`` for one raw answer."""

    def of(component: Mapping[str, Any], answer: Any) -> tuple[Any, str]:
        form = make_form({"key": "x", "label": "某项", **component})
        clean, errors = form.check({"x": answer}, sources=sources, today=TODAY)
        return clean.get("x"), errors.get("x", "")

    return of

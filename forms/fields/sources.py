"""What a field needs from outside the form: options, files and today's date, handed in as one argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

SOURCES = {
    "unit": "单位",
    "person": "人员",
    "clause": "条款",
    "document": "公文",
    "case": "案件",
    "channel": "受理渠道",
    "deadline": "期限",
    "checklist": "督查指标版本",
    "checklist_item": "督查指标",
}
"""Values of `properties.source` with their Chinese names."""

CASE_UNITS = {"lead_unit": "承办单位", "target_unit": "被投诉单位"}
"""Values of `properties.unit`: the unit of the case whose people a list offers."""


@dataclass(frozen=True)
class Option:
    """One choice. Choices with the same `group` stand together."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class FileRef:
    """A file that is stored already: what a form has to know to list it."""

    id: str
    filename: str
    size_bytes: int
    url: str = ""

    @property
    def size_zh(self) -> str:
        """The size as people read it."""
        if self.size_bytes < 1024 * 1024:
            return f"{max(1, round(self.size_bytes / 1024))} KB"
        return f"{self.size_bytes / 1024 / 1024:.1f} MB"


@dataclass(frozen=True)
class GridItem:
    """One row of a grid whose rows are given: a 指标."""

    id: str
    text: str
    group: str
    hint: str = ""
    points: float = 0.0
    for_all: bool = True
    """Whether nobody may say that it does not apply."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What was answered about it before, in another task."""


class Sources(Protocol):
    """Supplied by the page: it knows the database, the case and the actor."""

    def options(self, source: str, properties: Mapping[str, str]) -> Sequence[Option]:
        """Every choice the actor has; `source` is a key of SOURCES. What is not among them is refused."""
        ...

    def files(self, ids: Sequence[str]) -> Sequence[FileRef]:
        """Those of the files that exist and belong to this case or draft; others are refused."""
        ...

    def grid(self, properties: Mapping[str, str]) -> Sequence[GridItem]:
        """The rows of a grid, in order; `properties` are those of its component."""
        ...


class _NoSources:
    def options(self, source: str, properties: Mapping[str, str]) -> Sequence[Option]:
        return ()

    def files(self, ids: Sequence[str]) -> Sequence[FileRef]:
        return ()

    def grid(self, properties: Mapping[str, str]) -> Sequence[GridItem]:
        return ()


NO_SOURCES: Sources = _NoSources()
"""For forms whose choices all stand in the file."""


@dataclass(frozen=True)
class FieldContext:
    """`today` is the date in Asia/Shanghai; None where nothing is judged, as in a preview."""

    sources: Sources = NO_SOURCES
    today: date | None = None

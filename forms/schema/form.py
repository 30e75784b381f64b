"""A form file: read what was posted, check it, part what is sealed from what is not.

Everything is in terms of nested answers: ``{"route": "受理", "target": {"org": "…"}, "rows": [{…}]}``.
Raw answers are those before a check, clean ones those after; both can be stored as JSON.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from engine.errors import DiagramError
from forms.fields import FieldContext, FieldType, Sources
from forms.fields.base import Posted
from forms.fields.dynamic_list import DynamicList
from forms.fields.file_picker import FilePicker
from forms.fields.item_grid import ItemGrid
from forms.fields.registry import build
from forms.schema import paths, rows
from forms.schema.judge import judge
from forms.schema.lint import lint
from forms.schema.summary import SummaryLine, summary_of

Path = tuple[str, ...]


@dataclass(frozen=True)
class FormFile:
    """A linted form. Make one with `parse`; it never changes and may be shared between threads."""

    key: str
    components: tuple[FieldType, ...]

    @classmethod
    def parse(cls, source: bytes | str, key: str) -> FormFile:
        """Parses once per content. Raises DiagramError with every problem that is an error."""
        return _parse(source.encode() if isinstance(source, str) else bytes(source), key)

    # what there is
    def leaves(self) -> Iterator[tuple[Path, FieldType]]:
        """Every answer with its path; a dynamic list is one answer."""
        for component in self.components:
            yield from component.leaves()

    def file_fields(self) -> dict[str, FilePicker]:
        """The file fields that can be filled in, by name."""
        found: dict[str, FilePicker] = {}
        for path, leaf in self.leaves():
            if leaf.readonly:
                continue
            if isinstance(leaf, FilePicker):
                found[paths.field_name(path)] = leaf
            elif isinstance(leaf, ItemGrid):
                found |= leaf.file_names(paths.field_name(path))
        return found

    # from the browser
    def read(self, posted: Posted, files: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Raw answers of a posted form. A name that is not in the form is kept, for `check` to refuse.

        Names that begin with ``_`` and ``csrf_token`` belong to the page. File fields hold the ids of
        files stored before; put new ones there with `attach`. Untouched rows are left out, so that errors
        have the numbers of the rows that are drawn again.
        """
        raw = self._read(posted, files)
        for path, component in self._lists().values():
            if not component.fixed:
                rows.drop_blank(raw, path)
        return raw

    def _read(self, posted: Posted, files: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """As `read`, with untouched rows."""
        raw: dict[str, Any] = {}
        known: set[str] = set()
        for component in self.components:
            raw |= component.reads(posted, "")
            known |= set(component.names(posted, ""))
        for name in [*posted, *(files or ())]:
            if name not in known and not name.startswith("_") and name != "csrf_token":
                raw.setdefault(name, posted.get(name, ""))
        return raw

    def rows_changed(self, posted: Posted) -> dict[str, Any] | None:
        """The raw answers after a pressed ``_add`` or ``_del`` button, to be drawn anew; else None."""
        if not rows.pressed(posted):
            return None
        raw = self._read(posted)
        lists = {name: found for name, found in self._lists().items() if not found[1].fixed}
        rows.press(lists, raw, posted)
        return raw

    def attach(self, raw: dict[str, Any], ids: Mapping[str, Sequence[str]]) -> None:
        """Adds ids of newly stored files, by field name, to the raw answers."""
        for name, new in ids.items():
            place = rows.row_of(raw, name)
            if place is None:  # a row that is not on the page
                continue
            holder, path = place
            kept = paths.get(holder, path)
            paths.put(holder, path, [*(kept if isinstance(kept, list) else ()), *new])

    # judged
    def check(
        self,
        raw: Any,
        *,
        sources: Sources,
        today: date | None,
        data: Mapping[str, Any] | None = None,
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """(clean answers, Chinese sentence by field name). With errors the clean answers are empty.

        Conditions see the raw answers over `data`, the case's variables. A hidden field's answer is not
        looked at: it is the empty value of its type, so that nothing said in an earlier round lives on.
        """
        return judge(self.components, raw, data or {}, FieldContext(sources, today))

    def split(self, clean: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """(answers for the process, answers that are sealed and never become variables).

        Takes raw answers too, for drafts; what is not in the form is in neither.
        """
        heads = {path[0] for path, _ in self.leaves()}
        process = paths.copied({key: value for key, value in clean.items() if key in heads})
        sealed: dict[str, Any] = {}
        for path, leaf in self.leaves():
            if leaf.sealed and (value := paths.drop(process, path)) is not paths.ABSENT:
                paths.put(sealed, path, value)
        return process, sealed

    # for the page
    def initial(self, data: Mapping[str, Any], draft: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The values to draw: the draft's or failed post's, else `properties.default`, else the file's.

        `properties.default` names a case variable. Nothing else is prefilled: a decision is made anew each
        time. Read-only fields always show the case's value.
        """
        values = paths.copied(draft or {})
        for path, leaf in self.leaves():
            if paths.get(values, path) is paths.ABSENT or leaf.readonly:
                variable = leaf.properties.get("default") or (leaf.key if leaf.readonly else "")
                value = paths.get(data, variable.split(".")) if variable else paths.ABSENT
                if value is paths.ABSENT or value is None:
                    value = leaf.component.get("defaultValue")
                if value is not None:
                    paths.put(values, path, copy.deepcopy(value))
            if isinstance(leaf, DynamicList) and leaf.fixed and not leaf.readonly:
                given = rows.given_rows(leaf, data)
                paths.put(values, path, rows.laid_over(leaf, given, paths.get(values, path)))
        return values

    def summary(self, errors: Mapping[str, str], prefix: str = "") -> list[SummaryLine]:
        """The error summary, in the order of the form; `prefix` is that of `render_form`."""
        return summary_of(list(self.leaves()), errors, prefix)

    @property
    def reads_case(self) -> bool:
        """Whether rows of it are those of a case variable, so that it cannot be judged without the case."""
        return any(component.fixed for _, component in self._lists().values())

    def _lists(self) -> dict[str, tuple[Path, DynamicList]]:
        return {
            paths.field_name(path): (path, leaf)
            for path, leaf in self.leaves()
            if isinstance(leaf, DynamicList) and not leaf.readonly
        }


@lru_cache(maxsize=512)
def _parse(source: bytes, key: str) -> FormFile:
    problems = [problem for problem in lint(source, key) if problem.severity == "error"]
    if problems:
        raise DiagramError(problems)
    return FormFile(key, build(orjson.loads(source)["components"]))

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
from typing import Any, NamedTuple

import orjson
from marshmallow import ValidationError, fields

from engine.errors import DiagramError
from forms.fields import FieldContext, FieldType, Sources
from forms.fields.answer import NOT_AN_OBJECT, schema_of
from forms.fields.base import Posted
from forms.fields.dynamic_list import DynamicList
from forms.fields.file_picker import FilePicker
from forms.fields.registry import build
from forms.schema import paths, rows
from forms.schema.feel import evaluate
from forms.schema.lint import lint

Path = tuple[str, ...]

UNKNOWN_NAME = "提交了表单里没有的内容。请刷新页面后重新填写。"


class SummaryLine(NamedTuple):
    """One line of the error summary, linked to its field."""

    field_id: str
    label: str
    message: str


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
        return {
            paths.field_name(path): leaf
            for path, leaf in self.leaves()
            if isinstance(leaf, FilePicker) and not leaf.readonly
        }

    def hidden(self, scope: Mapping[str, Any]) -> set[int]:
        """The ids (as of `id()`) of the components whose condition hides them, with all they hold.

        Conditions read the answers in `scope` as the browser has them (`FieldType.in_condition`).
        """
        found: set[int] = set()
        scope = _copied(scope)
        for path, leaf in self.leaves():
            if (value := paths.get(scope, path)) is not paths.ABSENT:
                paths.put(scope, path, leaf.in_condition(value))
        for component in self.components:
            _hide(component, scope, found)
        return found

    # from the browser
    def read(self, posted: Posted, files: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Raw answers of a posted form. A name that is not in the form is kept, for `check` to refuse.

        Names that begin with ``_`` and ``csrf_token`` belong to the page. File fields hold the ids of
        files stored before; put new ones there with `attach`.
        """
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
        raw = self.read(posted)
        rows.press(self._lists(), raw, posted)
        return raw

    def attach(self, raw: dict[str, Any], ids: Mapping[str, Sequence[str]]) -> None:
        """Adds ids of newly stored files, by field name, to the raw answers."""
        for name, new in ids.items():
            path = tuple(name.split("."))
            kept = paths.get(raw, path)
            paths.put(raw, path, [*(kept if isinstance(kept, list) else ()), *new])

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
        if not isinstance(raw, Mapping):
            return {}, {"": NOT_AN_OBJECT}
        hidden = self.hidden({**(data or {}), **raw})
        context = FieldContext(sources, today)
        declared: dict[str, fields.Field] = {}
        for component in self.components:
            if id(component) not in hidden:
                declared |= component.declares(context, lambda item: id(item) not in hidden)
        try:
            clean = schema_of(declared).load(self._only_declared(raw, hidden))
        except ValidationError as error:
            return {}, self._worded(error.normalized_messages())
        for path, leaf in self.leaves():
            if id(leaf) in hidden and not leaf.readonly:
                paths.put(clean, path, copy.copy(leaf.empty))
        return clean, {}

    def _only_declared(self, raw: Mapping[str, Any], hidden: set[int]) -> dict[str, Any]:
        """The raw answers without hidden and read-only fields and without untouched rows."""
        answers = _copied(raw)
        for path, leaf in self.leaves():
            if leaf.readonly or id(leaf) in hidden:
                paths.drop(answers, path)
            elif isinstance(leaf, DynamicList):
                rows.drop_blank(answers, path)
        for path in self._hidden_parts(hidden):
            if paths.get(answers, path) == {}:
                paths.drop(answers, path)
        return answers

    def _hidden_parts(self, hidden: set[int]) -> list[Path]:
        """The paths of groups none of whose fields are visible."""
        parts = {path[:-1] for path, _ in self.leaves() if len(path) > 1}
        return sorted(
            (
                part
                for part in parts
                if all(
                    id(leaf) in hidden or leaf.readonly
                    for path, leaf in self.leaves()
                    if path[: len(part)] == part
                )
            ),
            key=len,
            reverse=True,
        )

    def _worded(self, messages: Mapping[Any, Any]) -> dict[str, str]:
        """Messages by name. Unknown names go together under ``''``, for they have no place on the page."""
        known = {path for path, _ in self.leaves()}
        heads = {path[0] for path in known}
        return {
            name if name.split(".")[0].split("-")[0] in heads else "": (
                message if name.split(".")[0].split("-")[0] in heads else UNKNOWN_NAME
            )
            for name, message in paths.flat_messages(messages)
        }

    def split(self, clean: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """(answers for the process, answers that are sealed and never become variables).

        Takes raw answers too, for drafts; what is not in the form is in neither.
        """
        heads = {path[0] for path, _ in self.leaves()}
        process = _copied({key: value for key, value in clean.items() if key in heads})
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
        values = _copied(draft or {})
        for path, leaf in self.leaves():
            if paths.get(values, path) is paths.ABSENT or leaf.readonly:
                variable = leaf.properties.get("default") or (leaf.key if leaf.readonly else "")
                value = paths.get(data, variable.split(".")) if variable else paths.ABSENT
                if value is paths.ABSENT or value is None:
                    value = leaf.component.get("defaultValue")
                if value is not None:
                    paths.put(values, path, copy.deepcopy(value))
        return values

    def label(self, name: str) -> str:
        """The label of a field by its name, for the error summary."""
        for path, leaf in self.leaves():
            own = paths.field_name(path)
            if name == own:
                return leaf.label
            if isinstance(leaf, DynamicList) and name.startswith(f"{own}-"):
                return rows.label(leaf, name.removeprefix(f"{own}-"))
        return "表单"

    def summary(self, errors: Mapping[str, str], prefix: str = "") -> list[SummaryLine]:
        """The error summary, in the order of the form."""
        order = {path[0]: place for place, (path, _) in enumerate(self.leaves())}
        names = sorted(errors, key=lambda name: order.get(name.split(".")[0].split("-")[0], -1))
        return [
            SummaryLine(paths.field_id(name, prefix) if name else "main", self.label(name), errors[name])
            for name in names
        ]

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


def _hide(component: FieldType, scope: Mapping[str, Any], found: set[int], inherited: bool = False) -> None:
    hide = component.hide
    gone = inherited or hide is True or (isinstance(hide, str) and evaluate(hide, scope) is True)
    if gone:
        found.add(id(component))
    if not isinstance(component, DynamicList):
        for child in component.children:
            _hide(child, scope, found, gone)


def _copied(answers: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """A copy that can be changed, as deep as groups go, without touching the given answers."""
    return {
        key: _copied(value, depth + 1)
        if isinstance(value, dict) and depth <= rows.DEEPEST
        else copy.copy(value)
        for key, value in answers.items()
    }

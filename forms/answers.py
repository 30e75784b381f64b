"""One post of a form: what was typed, what of it is right, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from forms.schema import FormFile
from forms.services import today
from forms.sources import PageSources
from forms.uploads import Upload, check_uploads

Keep = Callable[[Upload, str], str]
"""Stores an accepted file for a field and returns its id."""


@dataclass(frozen=True)
class Answers:
    """`raw` is shown again as it was typed; `clean` is only to be used when there are no `errors`."""

    raw: dict[str, Any]
    clean: dict[str, Any]
    errors: Mapping[str, str]

    @property
    def right(self) -> bool:
        """Whether it can be submitted."""
        return not self.errors


def typed(form: FormFile) -> dict[str, Any]:
    """What the browser sent, unjudged; for drafts."""
    return form.read(request.form)


def answers_to(
    form: FormFile,
    sources: Callable[[], PageSources],
    keep: Keep,
    data: Mapping[str, Any] | None = None,
) -> Answers:
    """Reads, stores new files through `keep`, then judges everything.

    `sources` is asked after the files were kept, so that it knows them; `data` are the case's variables.
    """
    raw = form.read(request.form, request.files)
    refused = _take_files(form, raw, keep)
    clean, errors = form.check(raw, sources=sources(), today=today(), data=data)
    return Answers(raw, clean, {**errors, **refused})


def _take_files(form: FormFile, raw: dict[str, Any], keep: Keep) -> dict[str, str]:
    """Puts the ids of accepted files among the answers; returns sentences about refused ones."""
    refused: dict[str, str] = {}
    for name, picker in form.file_fields().items():
        accepted, faults = check_uploads(request.files.getlist(name), picker)
        if accepted:
            form.attach(raw, {name: [keep(upload, picker.key) for upload in accepted]})
        if faults:
            refused[name] = "".join(faults)
    return refused

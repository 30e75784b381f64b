"""处理结果公开. Source: R8(8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request
from sqlalchemy import select

from engine.errors import NotFound
from forms.database import request_session
from forms.pages.blueprints import public
from supervision.publication.desk import published
from supervision.publication.table import Publication

PAGE = 20


@public.get("/published")
def published_list() -> Any:
    before = _date(request.args.get("before", ""))
    rows = published(request_session(), limit=PAGE, before=before)
    last = rows[-1].published_on if len(rows) == PAGE else None
    return render_template("published_list.html", rows=rows, before=before, next=last)


@public.get("/published/<publication_id>")
def published_one(publication_id: str) -> Any:
    row = (
        request_session()
        .scalars(
            select(Publication).where(
                Publication.id == publication_id,
                Publication.nonpub_ground == "",
                Publication.published_on.is_not(None),
            )
        )
        .first()
    )
    if row is None:
        raise NotFound(f"Expected a publication {publication_id}, but there is none")
    return render_template("published_one.html", row=row)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None

"""首页: what this is and the ways to complain. Source: R7¶2 (投诉电话和意见箱)."""

from __future__ import annotations

from typing import Any

from flask import render_template

from forms.database import request_session
from forms.pages.blueprints import public
from supervision.organisation.units import channels
from supervision.publication.desk import published


@public.get("/")
def landing() -> Any:
    session = request_session()
    ways = channels(session)
    return render_template(
        "landing.html",
        phones=[way for way in ways if way.kind == "投诉电话"],
        boxes=[way for way in ways if way.kind == "意见箱"],
        results=published(session, limit=5),
    )

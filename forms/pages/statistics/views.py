"""The page 统计, the cases behind one figure, and the figures as CSV."""

from __future__ import annotations

import csv
import io
from itertools import groupby
from typing import Any

from flask import Response, render_template, request
from sqlalchemy import select

from engine.errors import NotFound
from engine.store.tables import Instance
from forms.database import request_session
from forms.pages.blueprints import staff
from forms.pages.overdue.watchers import WATCHERS
from forms.pages.statistics.period import Asked, asked
from forms.services import today
from forms.signed_in import demand
from supervision.organisation.units import supervised_units
from supervision.statistics.figure import Figure
from supervision.statistics.measures import MEASURES, Measure, value

WHY = "统计供督查室、领导小组和单位负责人查看"
MOST = 300
"""Cases listed behind a figure."""


@staff.get("/statistics")
def statistics() -> Any:
    question, lines = _figures()
    groups = [(name, list(part)) for name, part in groupby(lines, key=lambda line: line[0].group)]
    units = supervised_units(request_session())
    return render_template("statistics.html", asked=question, groups=groups, units=units)


@staff.get("/statistics.csv")
def statistics_csv() -> Response:
    """With a byte order mark, so that spreadsheet programs read the characters."""
    question, lines = _figures()
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["类别", "指标", "结果", "分子", "分母", "口径", "期间", "单位"])
    period = f"{question.period.since} 至 {question.period.until}"
    for measure, figure in lines:
        of = "" if figure.bottom is None else figure.bottom
        rows.writerow([
            measure.group, measure.label, figure.words, figure.top, of, measure.formula, period,
            question.unit_label or "全区",
        ])  # fmt: skip
    name = f"statistics-{question.period.since}-{question.period.until}.csv"
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@staff.get("/statistics/<key>")
def statistics_one(key: str) -> Any:
    """Raises NotFound for an indicator there is none of."""
    demand(WHY, *WATCHERS)
    session, measure = request_session(), MEASURES.get(key)
    if measure is None:
        raise NotFound(f"Expected an indicator, but there is no {key!r}")
    question = asked(session, request.args, today())
    figure = value(session, key, question.period, question.unit or None)
    rows = session.scalars(
        select(Instance)
        .where(Instance.id.in_(figure.cases[:MOST]))
        .order_by(Instance.started_at.desc(), Instance.id)
    ).all()
    counted = set(figure.counted)
    return render_template(
        "statistics_one.html", asked=question, measure=measure, figure=figure,
        rows=[(row, row.id in counted) for row in rows], most=MOST,
    )  # fmt: skip


def _figures() -> tuple[Asked, list[tuple[Measure, Figure]]]:
    demand(WHY, *WATCHERS)
    session = request_session()
    question = asked(session, request.args, today())
    unit = question.unit or None
    return question, [
        (measure, value(session, key, question.period, unit)) for key, measure in MEASURES.items()
    ]

"""归档 of a case: what its file is, archiving it, and taking it along as one zip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session

from engine.errors import Conflict, NotFound
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from forms.database import acting, request_session
from forms.download import file_response
from forms.pages.blueprints import staff
from forms.pages.case.access import open_case
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.archive.archive import archive, archived, last_of
from supervision.archive.pack import pack
from supervision.archive.table import ArchivedFile
from supervision.case.find import find_case
from supervision.case.table import Case

KEEPERS = ("ARCHIVIST", "DCS_LEAD", "QZB_HEAD", "LSG_HEAD")
WHY = "归档由档案员或负责人办理"
ZIP = "application/zip"


@staff.get("/case/<instance_id>/archive")
def case_archive(instance_id: str) -> Any:
    """卷内目录, or why there is none yet."""
    case = _case(instance_id)
    session = request_session()
    row, volume, altered = last_of(session, instance_id), None, ""
    if row is not None:
        try:
            row, volume = archived(session, _lists(), case)
        except Conflict as found:
            altered = str(found)
    return render_template("archive.html", case=case, row=row, volume=volume, altered=altered)


@staff.post("/case/<instance_id>/archive")
def case_archive_post(instance_id: str) -> Any:
    """归档 or 补充归档; nothing happens where nothing came."""
    case, session = _case(instance_id), request_session()
    with acting(session):
        row = archive(session, _lists(), case, actor=person().actor, now=now())
        told = f"已归档（第 {row.number} 次），保管期限：{row.retention}。"
    session.commit()
    flash(told, "success")
    return redirect(url_for("staff.case_archive", instance_id=instance_id), 303)


@staff.post("/case/<instance_id>/archive.zip")
def case_archive_file(instance_id: str) -> Response:
    """The file of the case; who took it along goes on record."""
    case, session = _case(instance_id), request_session()
    row, volume = archived(session, _lists(), case)
    content = pack(session, row, volume)
    _on_record(session, case, row)
    return file_response(content, f"{case.number}.zip", ZIP)


def _lists() -> Path:
    """The folder with archive.toml."""
    return services().settings.processes


def _on_record(session: Session, case: Case, row: ArchivedFile) -> None:
    payload = {"case": case.number, "digest": row.digest}
    append(
        session, SYSTEM_CHAIN, "case.file_taken",
        at=now(), actor=person().actor, name="取走案卷", payload=payload,
    )  # fmt: skip
    session.commit()


def _case(instance_id: str) -> Case:
    """Raises NotAllowed (not a keeper, or sees the case in lists only), NotFound."""
    demand(WHY, *KEEPERS)
    session = request_session()
    _, sight = open_case(session, instance_id, person())
    case = find_case(session, instance_id)
    if case is None or sight.as_unit:
        raise NotFound(f"Expected a case of {instance_id} that is archived here, but there is none")
    return case

"""查看投诉人身份: a reason is asked for, the opening is on record, and nothing is kept on the page's way."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from sqlalchemy import select

from engine.attachment import content_of, of_instance
from engine.errors import NotFound
from forms.database import request_session
from forms.download import file_response
from forms.pages.blueprints import staff
from forms.pages.case.access import open_case
from forms.services import now, services
from forms.signed_in import person
from supervision.case.find import case_of
from supervision.complaint import acts as acts_room
from supervision.complaint import evidence
from supervision.complaint.table import PublicAct
from supervision.identity.access import reveal
from supervision.identity.traces import LABELS
from supervision.identity.vault import open_bytes


@staff.post("/case/<instance_id>/identity")
def case_identity(instance_id: str) -> Any:
    session, keys = request_session(), services().keys
    instance, _ = open_case(session, instance_id, person())
    reason = request.form.get("reason", "")
    fields = reveal(session, keys, instance_id, person().actor, reason, now())
    files = [row for row in of_instance(session, instance_id, sealed=True)]
    case = case_of(session, instance_id)
    acts = [
        (act, open_bytes(session, keys, instance_id, acts_room.PLACE, act.text).decode())
        for act in session.scalars(
            select(PublicAct).where(PublicAct.instance_id == instance_id).order_by(PublicAct.at)
        )
    ]
    session.commit()
    order = [*LABELS, *fields]
    return render_template(
        "identity.html", instance=instance, case=case, reason=reason, files=files, acts=acts,
        fields=[(LABELS.get(name, name), fields[name]) for name in sorted(fields, key=order.index)],
    )  # fmt: skip


@staff.post("/case/<instance_id>/sealed/<attachment_id>")
def sealed_attachment(instance_id: str, attachment_id: str) -> Response:
    """A file of the complainant. Opening it is on record like opening the identity."""
    session, keys = request_session(), services().keys
    open_case(session, instance_id, person())
    row, content = content_of(session, attachment_id)
    if row.instance_id != instance_id or not row.sealed:
        raise NotFound(f"Expected a sealed attachment {attachment_id} of {instance_id}, but there is none")
    reveal(session, keys, instance_id, person().actor, request.form.get("reason", ""), now())
    plain = open_bytes(session, keys, instance_id, evidence.PLACE, content)
    session.commit()
    return file_response(plain, row.filename, row.media_type)

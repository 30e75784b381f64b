"""The proof of one deadline: to read and print, and as a file. Whoever may open the case may open it."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, render_template

from forms.database import request_session
from forms.download import file_response
from forms.pages.blueprints import staff
from forms.pages.case.access import open_case
from forms.proof.sheet import sheet_of
from forms.services import now, services
from forms.signed_in import person
from supervision.deadlines.proof import deadline_of, proved


@staff.get("/case/<instance_id>/deadline/<deadline_id>/proof")
def deadline_proof(instance_id: str, deadline_id: str) -> Any:
    sheet = sheet_of(_export(instance_id, deadline_id), services().settings.clauses)
    return render_template("proof.html", sheet=sheet, instance_id=instance_id, printed_at=now())


@staff.get("/case/<instance_id>/deadline/<deadline_id>/proof.json")
def deadline_proof_file(instance_id: str, deadline_id: str) -> Response:
    export = _export(instance_id, deadline_id)
    content = json.dumps(export, ensure_ascii=False, indent=2).encode()
    return file_response(content, f"期限证明-{export['case']}-{export['key']}.json", "application/json")


def _export(instance_id: str, deadline_id: str) -> dict[str, Any]:
    session = request_session()
    open_case(session, instance_id, person())
    return proved(session, services().context, deadline_of(session, instance_id, deadline_id))

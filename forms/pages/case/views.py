"""案件页, its diagram as a file, and what was answered in a task."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template

from engine.definition import files_of
from engine.errors import NotFound
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.case.access import SCOPE_WORDS, open_case, scopes_of
from forms.pages.case.archive import KEEPERS
from forms.pages.case.awaited import awaited
from forms.pages.case.panel import panel
from forms.pages.escalation.trail import trails
from forms.pages.units.look import GLANCE, UnitsView, look, newest
from forms.security import island_page
from forms.services import now, services, today
from forms.signed_in import Person, person
from supervision.case.open import COMPLAINT
from supervision.case.table import Case
from supervision.identity.access import access_log, refusal
from supervision.organisation.grants import role_label
from supervision.organisation.units import unit_name
from supervision.recusal.find import doubtful_acts


@staff.get("/case/<instance_id>")
def case(instance_id: str) -> Any:
    session = request_session()
    instance, sight = open_case(session, instance_id, person())
    view = panel(session, services().context, instance, sight, person(), now())
    island_page()
    return render_template(
        "case.html",
        panel=view,
        case=view.case,
        sight=sight,
        awaits=awaited(session, services().context.messages, instance_id),
        seen_by=[_in_words(scope) for scope in scopes_of(session, instance_id)],
        identity=_identity(view.case, person()),
        doubtful=_doubtful(instance_id),
        warned=trails(session, instance_id, sight, person(), now()),
        asked=_asked(instance_id),
        today=today(),
        keeper=person().holds(*KEEPERS) and not sight.as_unit,
        openings=_openings(instance_id) if person().holds("AUDITOR") else None,
    )


@staff.get("/case/<instance_id>/diagram.bpmn")
def case_diagram(instance_id: str) -> Response:
    session = request_session()
    instance, _ = open_case(session, instance_id, person())
    for path, content in files_of(session, instance.definition_id).items():
        if path.endswith(".bpmn") and f'id="{instance.process_id}"'.encode() in content:
            return Response(content, mimetype="application/xml")
    raise NotFound(f"Expected a diagram of {instance.process_id}, but there is none")


def _asked(instance_id: str) -> UnitsView | None:
    """The units that this case asked, those first that are missing."""
    session = request_session()
    fan = newest(session, instance_id)
    return look(session, services().context.calendar(session), fan, now(), most=GLANCE) if fan else None


def _identity(case: Case | None, looking: Person) -> str | None:
    """None where there is no vault, '' where the person may open it, else why not."""
    return refusal(case, looking.actor) if case and case.kind == COMPLAINT else None


def _doubtful(instance_id: str) -> list[tuple[Any, str]]:
    """需复核效力: what people did before they had to stand aside, and who it was."""
    session = request_session()
    with acting(session):
        acts = doubtful_acts(session, instance_id)
    return [(task, name_of(session, task.completed_by or "")) for task in acts]


def _openings(instance_id: str) -> list[tuple[Any, str]]:
    session = request_session()
    return [(row, name_of(session, row.login)) for row in access_log(session, instance_id)]


def _in_words(scope: str) -> str:
    kind, _, code = scope.partition(":")
    if kind == "unit":
        return f"{unit_name(request_session(), code)}（承办）"
    if kind == "desk":
        return role_label(request_session(), code)
    return SCOPE_WORDS.get(kind, {}).get(code, code)

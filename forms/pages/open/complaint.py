"""我要投诉: the public form and its receipt."""

from __future__ import annotations

from typing import Any

from flask import request

from forms.database import request_session
from forms.pages.blueprints import public
from forms.pages.filing import blank_page, complaint_form, file_complaint
from forms.services import services
from supervision.complaint.intake import PUBLIC

FORM = "F-CP-1"
TEMPLATE = "complaint.html"


@public.get("/complaint")
def complaint() -> Any:
    session = request_session()
    form = complaint_form(session, FORM)
    return blank_page(TEMPLATE, form, session, form.initial({}), privacy=_privacy())


@public.post("/complaint")
def complaint_post() -> Any:
    session = request_session()
    form = complaint_form(session, FORM)
    changed = form.rows_changed(request.form)
    if changed is not None:
        return blank_page(TEMPLATE, form, session, changed, privacy=_privacy())
    return file_complaint(session, form, TEMPLATE, PUBLIC, "st_web", privacy=_privacy(), clerk=False)


def _privacy() -> list[str]:
    """个人信息处理告知. Source: 个人信息保护法第十七条."""
    return services().settings.privacy_notice.splitlines()

"""原决定: a 复核 finds the decision by its number, and takes no other document of the case for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from engine.actor import SYSTEM_ACTOR
from engine.deadline.shanghai import date_of
from engine.instance.context import ServiceCall
from supervision.document.table import Document
from supervision.review.topics import find
from tests.integration.supervision.conftest import NOW
from tests.integration.supervision.desk import Desk


def issued(case: Desk, code: str, number: str) -> None:
    case.session.add(
        Document(
            id=uuid.uuid4().hex, instance_id=case.case.instance_id, template_code=code, template_digest="",
            title=code, body_html="", basis=[], issuing_body="LSG", doc_no=number, status="issued",
            drafted_at=NOW, drafted_by="clerk", issued_on=date_of(NOW), detail={},
        )
    )  # fmt: skip
    case.session.flush()


def found(case: Desk, review: Desk, number: str) -> Mapping[str, Any]:
    call = ServiceCall(
        instance_id=review.case.instance_id, business_key="", process_id="accountability_review",
        element_id="svc_find", name="找到原决定和送达回证", data={"decision_no": number},
        properties={"decisions": "D26,D27"}, actor=SYSTEM_ACTOR,
    )  # fmt: skip
    return find(case.session, call, NOW)


def test_only_a_decision_is_reviewed_not_the_notice_that_opened_the_case(desk: Callable[..., Desk]) -> None:
    """R13¶2: 对问责决定不服的."""
    case, review = desk(), desk()
    issued(case, "D19", "云政公开问〔2026〕1号")
    issued(case, "D26", "云政公开问〔2026〕2号")
    assert found(case, review, "云政公开问〔2026〕1号")["found"] is False
    decision = found(case, review, "云政公开问〔2026〕2号")
    assert (decision["found"], decision["source_case_no"]) == (True, case.case.number)

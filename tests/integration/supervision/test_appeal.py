"""What a complainant may still ask for: 复核 after the period with a reason, and 回避."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from engine.errors import NotAllowed
from engine.instance import variables
from engine.store.tables import Instance, Subscription, Task
from supervision.complaint.acts import request_recusal
from supervision.complaint.appeal import appeal_of, request_review
from supervision.recusal.table import Recusal
from tests.integration.supervision.yunxi import Yunxi

GROUNDS = "名单只更新了一半，请重新核查。"
LATE = "金丝雀住院两个月，没有收到告知书。"


def test_a_late_application_begins_the_review_with_a_sealed_reason(yunxi: Yunxi) -> None:
    # given a complaint that was answered and closed, the period over
    receipt = yunxi.file()
    yunxi.triage(receipt)
    yunxi.letter(receipt)
    yunxi.investigate(receipt)
    yunxi.letter(receipt)
    yunxi.session.execute(delete(Subscription).where(Subscription.instance_id == receipt.instance_id))
    case = yunxi.case(receipt)
    case.closed_at, case.outcome = yunxi.now, "已答复"
    yunxi.session.flush()
    args = (yunxi.session, yunxi.context, yunxi.keys, receipt.instance_id, GROUNDS, [], yunxi.now)
    assert appeal_of(yunxi.session, receipt.instance_id).late
    # when
    with pytest.raises(NotAllowed, match="有正当理由"):
        request_review(*args)
    request_review(*args, late_reason=LATE)
    # then the reviewers know that there is a reason, and nothing of who gave it
    review = yunxi.session.scalars(select(Instance).where(Instance.process_id == "complaint_review")).one()
    known = variables(yunxi.session, yunxi.context, review.id, yunxi.now)
    assert known["source_case_no"] == receipt.number
    assert "密封保管" in known["late_reason"]
    assert "金丝雀" not in str(known)
    with pytest.raises(NotAllowed, match="只能申请一次"):
        request_review(*args, late_reason=LATE)


def test_a_complainant_asks_that_somebody_stand_aside(yunxi: Yunxi) -> None:
    # given
    receipt = yunxi.file()
    # when
    args = (yunxi.session, yunxi.context, yunxi.keys, receipt.instance_id)
    with pytest.raises(NotAllowed, match="至少 10 个字"):
        request_recusal(*args, "陈明远", "亲戚", yunxi.now)
    request_recusal(*args, "陈明远", "他是金丝雀的前夫，办理不会公正。", yunxi.now)
    # then the words stay sealed, and somebody else than the person named reads them first
    row = yunxi.session.scalars(select(Recusal)).one()
    assert (row.login, row.applicant, "金丝雀" in row.reason) == ("clerk1", "投诉人", False)
    assert yunxi.session.scalars(
        select(Task.element_id).where(Task.instance_id == row.instance_id)
    ).all() == ["ut_register"]

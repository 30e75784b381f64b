"""A complaint comes in and goes its way through a small diagram."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.attachment import content_of
from engine.errors import InvalidData, NotAllowed
from engine.store.tables import Attachment, HistoryEntry, HistoryPayload, Instance
from engine.store.visibility import see_as
from supervision.account.viewer import viewer_of_actor
from supervision.case.table import Case
from supervision.complaint.evidence import PLACE
from supervision.complaint.follow import public_status
from supervision.complaint.intake import NewReceipt, add_sealed
from supervision.identity.key import Keys
from supervision.identity.receipt import check_code
from supervision.identity.vault import open_bytes, open_fields
from supervision.notice import notices_of
from supervision.publication.desk import published
from tests.integration.supervision.office import PHOTO, SEALED, Office
from tests.integration.supervision.people import actor


def test_filing_starts_the_case_seals_the_identity_and_gives_a_receipt(office: Office) -> None:
    # when
    receipt = office.file()
    # then
    assert (receipt.number, receipt.with_phone) == ("TS-2026-0001", True)
    assert open_fields(office.session, office.keys, receipt.instance_id) == SEALED
    assert check_code(office.session, receipt.number, receipt.code, "7731", office.now).instance_id
    assert office.open(receipt) == ["ut_complete"]
    instance = office.session.get_one(Instance, receipt.instance_id)
    assert (instance.business_key, instance.started_by) == (receipt.number, "public")
    assert [n.text for n in notices_of(office.session, "clerk")] == ["新任务：研判（TS-2026-0001）"]


def test_a_call_is_filed_by_the_clerk_and_completed_later(office: Office) -> None:
    # given
    receipt = office.file("st_phone")
    # when the clerk reads the record back
    add_sealed(
        office.session, office.keys, receipt.instance_id, {"phone": "13900008842"},
        actor=actor("clerk"), now=office.now,
    )  # fmt: skip
    # then
    assert office.case(receipt).channel == "电话"
    assert open_fields(office.session, office.keys, receipt.instance_id)["phone"] == "13900008842"


def test_evidence_is_stored_sealed_and_its_name_is_not_kept(office: Office) -> None:
    receipt = office.file()
    row = office.session.scalars(
        select(Attachment).where(Attachment.instance_id == receipt.instance_id)
    ).one()
    assert (row.filename, row.sealed, row.size_bytes) == ("证据1.jpg", True, len(PHOTO.content))
    _, stored = content_of(office.session, row.id)
    assert open_bytes(office.session, office.keys, receipt.instance_id, PLACE, stored) == PHOTO.content


def test_a_failed_start_leaves_nothing_behind(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    # given the vault fails after the instance started
    office.session.commit()

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr("supervision.complaint.intake.seal", broken)
    # when
    with pytest.raises(OSError, match="disk"):
        office.file()
    office.session.rollback()
    # then
    assert office.session.scalars(select(Instance)).all() == []
    monkeypatch.undo()
    assert office.file().number == "TS-2026-0001"


def test_the_unit_sees_the_case_only_when_it_was_handed_to_it(office: Office) -> None:
    # given
    receipt, eyes = office.file(), viewer_of_actor(actor("contact"))

    def seen() -> bool:
        before = office.session.info["viewer"]
        see_as(office.session, eyes)
        office.session.expire_all()
        found = office.session.scalars(select(Case.number)).all()
        see_as(office.session, before)
        return receipt.number in found

    assert not seen()
    # when
    office.accept(receipt)
    # then
    assert seen()
    assert office.open(receipt) == ["ut_unit_handle"]


def test_acceptance_is_issued_numbered_and_delivered(office: Office) -> None:
    # when
    receipt = office.file()
    office.accept(receipt)
    # then
    (letter,) = public_status(office.session, receipt.instance_id).letters
    assert (letter.doc_no, letter.drafted_by, letter.signed_by) == ("云政公开诉〔2026〕1号", "clerk", "lead")
    assert "您的投诉已受理。" in letter.body_html
    assert "2026年3月2日" in letter.body_html
    assert (office.case(receipt).accepted_on, office.case(receipt).status) == (office.now.date(), "办理中")


def test_the_drafter_may_not_sign_their_own_letter(office: Office) -> None:
    receipt = office.file()
    office.do(receipt, "ut_complete", "clerk", gaps=[], extract="名单没有更新", lead_unit="U01")
    office.do(receipt, "ut_draft", "clerk", title="受理告知书", body="已受理")
    with pytest.raises(NotAllowed, match="AV-7"):
        office.do(receipt, "ut_sign", "clerk")
    office.do(receipt, "ut_sign", "clerk2")


def test_an_extract_that_names_the_complainant_is_refused(office: Office) -> None:
    receipt = office.file()
    with pytest.raises(InvalidData, match="姓名"):
        office.do(receipt, "ut_complete", "clerk", gaps=[], extract="金丝雀反映名单没有更新")
    assert office.open(receipt) == ["ut_complete"]


def test_a_published_text_that_names_the_complainant_stops_the_step(office: Office) -> None:
    # given
    receipt = office.file()
    office.accept(receipt)
    # when the unit knows the name from elsewhere
    with pytest.raises(InvalidData, match="公开稿含有投诉人信息"):
        office.do(receipt, "ut_unit_handle", "contact", publish_text="金丝雀反映属实")
    # then
    assert office.open(receipt) == ["ut_unit_handle"]
    assert published(office.session) == []


def test_a_like_complaint_is_suggested_to_the_clerk(office: Office) -> None:
    # given
    first = office.file()
    office.now += timedelta(days=3)
    # when
    second = office.file()
    # then
    suggested = _variable(office, second, "duplicate_suggestions")
    assert suggested == [first.number]


def _variable(office: Office, receipt: NewReceipt, name: str) -> Any:
    content = office.session.execute(
        select(HistoryPayload.content)
        .join(
            HistoryEntry,
            (HistoryEntry.chain == HistoryPayload.chain) & (HistoryEntry.seq == HistoryPayload.seq),
        )
        .where(HistoryEntry.chain == receipt.instance_id, HistoryEntry.element_id == "svc_register")
    ).scalar_one()
    return orjson.loads(content)[name]


def test_a_complaint_against_the_office_is_worked_on_elsewhere(
    office: Office, keys: Keys, sessions: Callable[[], Session]
) -> None:
    """T19, AV-6."""
    # given
    receipt = office.file(target_unit="DCS")
    # then
    with pytest.raises(NotAllowed):
        office.do(receipt, "ut_complete", "clerk", gaps=[])
    office.do(receipt, "ut_complete", "office", gaps=[], extract="反映督查室", lead_unit="U01")
    assert office.case(receipt).handler == "QZB"
    assert public_status(office.session, receipt.instance_id).handler == "区政府办公室"

"""公文 and 公开: numbers only at issue, blanks and identities refused, deliveries sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, InvalidData, NotAllowed
from engine.history.verify import verify_chain
from supervision.basis.guard import Override
from supervision.basis.versions import publish_missing
from supervision.case.table import Case
from supervision.document import desk
from supervision.document.delivery import PLACE, record_delivery
from supervision.document.frozen import altered, file_of
from supervision.document.table import Document, DocumentFile
from supervision.document.template import Templates
from supervision.document.void import void_document
from supervision.identity.key import Keys
from supervision.identity.vault import open_bytes, open_fields, seal
from supervision.publication.desk import publication_of, publish_result, published, withhold_result
from supervision.setting import put_setting
from tests.integration.supervision.conftest import PROCESSES
from tests.integration.supervision.people import actor
from tests.word_template import BEGIN, END, save


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "documents").mkdir()
    text = "受理 {{ complaint_no }}，依据 {{ clause('R7¶2') }}"
    save(tmp_path, "D10", BEGIN, text, END, "{{ doc_no }}", title="{{ title }}")
    (tmp_path / "regulation").mkdir()
    (tmp_path / "regulation" / "clauses.toml").write_text('[clauses]\n"R7¶2" = "受理群众投诉"\n')
    return Templates(tmp_path)


@pytest.fixture
def drafted(
    open_case: Callable[..., Case], district: Session, templates: Templates, now: datetime
) -> Callable[[], Document]:
    put_setting(district, "organ_word", "云")
    case = open_case()

    def draft() -> Document:
        given = {"complaint_no": case.number}
        return desk.draft(
            district, templates, case.instance_id, "D10", "受理告知书", given,
            issuing_body="云溪区人民政府办公室", series="诉", actor=actor("clerk"), now=now,
        ).document  # fmt: skip

    return draft


def issue(
    session: Session, templates: Templates, document: Document, at: datetime, body: str = "受理"
) -> Document:
    return desk.issue(
        session, templates, document.id, document.title, body, {},
        drafted_by="clerk", signed_as="DCS_LEAD", actor=actor("lead"), now=at,
    )  # fmt: skip


def test_a_number_is_taken_only_at_issue_and_without_gaps(
    drafted: Callable[[], Document], district: Session, templates: Templates, now: datetime
) -> None:
    # given three drafts, of which one is refused
    first, second, third = drafted(), drafted(), drafted()
    desk.refuse(district, second.id)
    # when
    issue(district, templates, third, now)
    issue(district, templates, first, now)
    # then
    assert [d.doc_no for d in (first, second, third)] == [
        "云政公开诉〔2026〕2号",
        "",
        "云政公开诉〔2026〕1号",
    ]
    assert (second.status, third.signed_by, third.issued_on) == ("refused", "lead", now.date())


def test_numbers_begin_anew_each_year_of_the_district(
    drafted: Callable[[], Document], district: Session, templates: Templates, now: datetime
) -> None:
    issue(district, templates, drafted(), now)
    late = issue(district, templates, drafted(), datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert late.doc_no == "云政公开诉〔2027〕1号"


def test_a_void_document_keeps_its_number(
    drafted: Callable[[], Document], district: Session, templates: Templates, now: datetime
) -> None:
    # given
    first = issue(district, templates, drafted(), now)
    # when
    void_document(district, first.id, "主送单位有误", asked_by="clerk", actor=actor("lead"), now=now)
    # then
    assert (first.status, first.doc_no) == ("void", "云政公开诉〔2026〕1号")
    assert issue(district, templates, drafted(), now).doc_no == "云政公开诉〔2026〕2号"
    with pytest.raises(Conflict):
        void_document(district, first.id, "再来", asked_by="clerk", actor=actor("lead"), now=now)


def test_a_document_is_issued_once(
    drafted: Callable[[], Document], district: Session, templates: Templates, now: datetime
) -> None:
    document = issue(district, templates, drafted(), now)
    with pytest.raises(Conflict, match="不能再签发"):
        issue(district, templates, document, now)


def test_a_text_with_blanks_cannot_be_issued(
    drafted: Callable[[], Document], district: Session, templates: Templates, now: datetime
) -> None:
    document = drafted()
    with pytest.raises(InvalidData, match="due_on"):
        issue(district, templates, document, now, body="请于【待填：due_on】前办结")
    assert (document.status, document.doc_no) == ("draft", "")


def test_the_issued_file_is_fixed_by_its_digest_and_on_record(
    drafted: Callable[[], Document], district: Session, templates: Templates, now: datetime
) -> None:
    document = issue(district, templates, drafted(), now, body="予以受理")
    assert "<p>予以受理</p>" in document.body_html
    assert document.doc_no in document.body_html
    assert document.digest == hashlib.sha256(file_of(district, document.id) or b"").hexdigest()
    assert document.basis == [{"code": "R7¶2", "text": "受理群众投诉"}]
    assert verify_chain(district, document.instance_id) is None


@pytest.mark.parametrize("what", ["file", "page"])
def test_a_document_that_was_altered_is_named(
    what: str, drafted: Callable[[], Document], district: Session, templates: Templates, now: datetime
) -> None:
    # given an issued document, as it was
    document = issue(district, templates, drafted(), now)
    assert list(altered(district)) == []
    # when somebody writes into the database, and makes the row's digest fit
    if what == "file":
        forged = b"forged"
        district.execute(update(DocumentFile).values(content=forged))
        document.digest = hashlib.sha256(forged).hexdigest()
    else:
        document.body_html = document.body_html.replace("受理", "不予受理")
    district.flush()
    # then the chain of the case tells
    [found] = altered(district)
    assert (found.document_id, found.instance_id) == (document.id, document.instance_id)
    assert ("定稿文件" if what == "file" else "网页正文") in found.reason


def test_who_signed_for_a_letter_is_sealed(
    drafted: Callable[[], Document], district: Session, templates: Templates, keys: Keys, now: datetime
) -> None:
    # given the form put the receiver into the vault
    document = issue(district, templates, drafted(), now)
    seal(district, keys, document.instance_id, {"receiver": "金丝雀", "name": "金丝雀"}, now)
    # when
    row = record_delivery(
        district, keys, document.id, "直接", date(2026, 3, 3),
        sealed_at=document.instance_id, actor=actor("clerk"), now=now,
    )  # fmt: skip
    # then
    assert "金丝雀".encode() not in row.receiver
    assert open_bytes(district, keys, row.instance_id, PLACE, row.receiver).decode() == "金丝雀"
    assert open_fields(district, keys, row.instance_id) == {"name": "金丝雀"}


def publish(session: Session, keys: Keys, case: Case, text: str, now: datetime) -> None:
    publish_result(
        session, keys, case, text, field="redacted_text", channels=["网站"], url="",
        published_on=now.date(), actor=actor("lead"), now=now,
    )  # fmt: skip


def test_a_published_result_is_on_the_public_list(
    open_case: Callable[..., Case], district: Session, keys: Keys, now: datetime
) -> None:
    case = open_case()
    publish(district, keys, case, "投诉人反映的问题属实，已更新名单。", now)
    (row,) = published(district)
    assert (row.number, row.text, case.published_on) == (
        case.number,
        "投诉人反映的问题属实，已更新名单。",
        now.date(),
    )


@pytest.mark.parametrize(
    "text", ["金丝雀反映的问题属实。", "金 丝 雀反映的问题属实。", "电话138 0000 7731。"]
)
def test_a_result_that_names_the_complainant_is_not_published(
    open_case: Callable[..., Case], district: Session, keys: Keys, now: datetime, text: str
) -> None:
    # given
    case = open_case()
    seal(district, keys, case.instance_id, {"name": "金丝雀", "phone": "13800007731"}, now)
    # when
    with pytest.raises(InvalidData, match="公开稿含有投诉人信息"):
        publish(district, keys, case, text, now)
    # then
    assert publication_of(district, case.instance_id) is None


def test_not_publishing_needs_a_legal_ground_and_stays_off_the_list(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    case = open_case()
    with pytest.raises(InvalidData, match="法定依据"):
        withhold_result(district, case, "不想公开", field="nonpub_ground", actor=actor("lead"), now=now)
    row = withhold_result(district, case, "国家秘密", field="nonpub_ground", actor=actor("lead"), now=now)
    assert row.published_on is None
    assert published(district) == []


def test_a_repealed_law_is_cited_only_with_the_reason_of_legal_review_on_the_document(
    drafted: Callable[[], Document], district: Session, templates: Templates, now: datetime
) -> None:
    publish_missing(district, PROCESSES, by=actor("lead"), now=now)
    document = drafted()
    document.basis = [{"code": "S:XZJC art.1", "text": ""}]
    with pytest.raises(NotAllowed, match="已于 2018-03-20 废止"):
        issue(district, templates, document, now)
    legal = Actor("legal", "审核员", frozenset({("LEGAL", "")}))
    desk.issue(
        district, templates, document.id, document.title, "受理", {}, drafted_by="clerk",
        signed_as="DCS_LEAD", actor=actor("lead"), now=now, override=Override("照录第一条原文。", legal),
    )  # fmt: skip
    assert document.status == "issued"
    assert document.detail["basis_override"] == {
        "codes": ["XZJC"], "reason": "照录第一条原文。", "by": "legal",
    }  # fmt: skip

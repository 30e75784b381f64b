"""归档: the file of a closed case, listed, packed and checked; who complained stays sealed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta

import orjson
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.attachment import attach
from engine.errors import Conflict
from engine.history.verify import verify_chain
from engine.store.tables import Blob
from supervision.archive.archive import archive, archived
from supervision.archive.pack import pack
from supervision.archive.retention import Retention, kept_until, read_retention
from supervision.archive.table import ArchivedFile
from supervision.case.outcome import close
from supervision.case.table import Case
from supervision.complaint.evidence import Upload, keep_uploads
from supervision.document import desk
from supervision.document.template import Templates
from supervision.identity.key import Keys
from supervision.identity.vault import seal
from tests.integration.supervision.conftest import PROCESSES
from tests.integration.supervision.people import actor

NAME = "欧阳某某"
LATER = timedelta(days=1)


@pytest.fixture
def closed(open_case: Callable[..., Case], district: Session, keys: Keys, now: datetime) -> Case:
    """A complaint with its complainant, evidence of both sides and a document, answered."""
    case = open_case()
    seal(district, keys, case.instance_id, {"complainant_name": NAME}, now)
    upload = Upload("files", f"{NAME}的照片.jpg", "image/jpeg", NAME.encode())
    keep_uploads(district, keys, case.instance_id, [upload], actor=actor("clerk"), now=now)
    attach(
        district, b"minutes", filename="会议 记录/一.txt", media_type="text/plain", field="files",
        actor=actor("clerk"), now=now, instance_id=case.instance_id,
    )  # fmt: skip
    templates = Templates(PROCESSES)
    given = {
        "complaint_no": case.number, "target": "有关单位", "letterhead": "办公室", "today": "2026年3月2日",
        "matter_type": "咨询", "received_on": "2026-03-01", "accepted_on": "2026-03-02",
        "handler_name": "督查室", "due": lambda key, start="": "2026年3月23日",
    }  # fmt: skip
    draft = desk.draft(
        district, templates, case.instance_id, "D10", "投诉受理告知书", given, issuing_body="办公室",
        series="诉", actor=actor("clerk"), now=now,
    )  # fmt: skip
    desk.issue(
        district, templates, draft.document.id, "投诉受理告知书", draft.text, given, drafted_by="clerk",
        signed_as="DCS_LEAD", actor=actor("lead"), now=now,
    )  # fmt: skip
    close(district, case, "已答复", {}, now)
    return case


def put_away(session: Session, case: Case, now: datetime) -> ArchivedFile:
    return archive(session, PROCESSES, case, actor=actor("lead"), now=now)


def packed(session: Session, case: Case) -> bytes:
    return pack(session, *archived(session, PROCESSES, case))


def test_a_file_holds_everything_and_its_list_names_it(
    closed: Case, district: Session, now: datetime
) -> None:
    # when
    row = put_away(district, closed, now)
    archive = zipfile.ZipFile(io.BytesIO(packed(district, closed)))
    # then
    [document] = [name for name in archive.namelist() if name.startswith("公文/")]
    assert document.endswith("投诉受理告知书.docx")
    assert archive.read("证据/001 会议 记录_一.txt") == b"minutes"
    told = orjson.loads(archive.read("目录.json"))
    assert [item["kind"] for item in told["items"]] == ["公文", "证据", "密封", "密封"]
    assert {item["name"] for item in told["items"]} <= {*archive.namelist()}
    assert row.digest in archive.read("卷内目录.html").decode()
    assert len(orjson.loads(archive.read("办理记录.json"))) == told["entries"]
    assert (row.retention, row.kept_until) == ("10年", date(2036, 12, 31))
    assert verify_chain(district, closed.instance_id) is None


def test_who_complained_is_in_no_part_of_it(closed: Case, district: Session, now: datetime) -> None:
    put_away(district, closed, now)
    archive = zipfile.ZipFile(io.BytesIO(packed(district, closed)))
    assert NAME.encode() not in b"".join(archive.read(name) for name in archive.namelist())
    assert NAME not in "".join(archive.namelist())


def test_archiving_again_changes_nothing_until_something_comes(
    closed: Case, district: Session, now: datetime
) -> None:
    first, content = put_away(district, closed, now), packed(district, closed)
    assert put_away(district, closed, now + LATER) is first
    assert packed(district, closed) == content
    # when a late paper comes
    attach(
        district, b"late", filename="回执.txt", media_type="text/plain", field="files",
        actor=actor("clerk"), now=now, instance_id=closed.instance_id,
    )  # fmt: skip
    # then what was archived is no longer all there is, until it is added
    with pytest.raises(Conflict, match="补充归档"):
        archived(district, PROCESSES, closed)
    assert put_away(district, closed, now + LATER).number == 2
    assert packed(district, closed) != content


def test_evidence_that_was_altered_is_not_handed_over(closed: Case, district: Session, now: datetime) -> None:
    put_away(district, closed, now)
    district.execute(update(Blob).where(Blob.content == b"minutes").values(content=b"forged!"))
    with pytest.raises(Conflict, match="可能被改动"):
        packed(district, closed)


def test_a_case_that_runs_is_not_archived(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    with pytest.raises(Conflict, match="还没有办结"):
        put_away(district, open_case(), now)


def test_how_long_a_file_is_kept_is_the_districts_to_say() -> None:
    kept = read_retention(PROCESSES)
    assert kept.of_volume("complaint", set()) == "10年"
    assert kept.of_volume("complaint", {"accountability"}) == "30年"
    assert kept.of_volume("accountability", set()) == "30年"
    assert kept.of_document("D26", "30年") == "永久"
    assert Retention("30年", {}, {}, {"D10": "10年"}).of_document("D10", "30年") == "30年"
    assert kept_until("永久", date(2026, 3, 2)) is None

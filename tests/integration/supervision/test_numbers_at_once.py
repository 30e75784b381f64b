"""发文字号 under concurrency: many issue at once, some fail, and no number is lost or given twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.store.visibility import SYSTEM, see_as
from supervision.case.table import Case
from supervision.document import desk
from supervision.document.table import Document
from supervision.document.template import Templates
from supervision.setting import put_setting
from tests.integration.supervision.conftest import NOW
from tests.integration.supervision.people import actor
from tests.word_template import BEGIN, END, save

CLERKS = 8
FEW, MANY = 100, 1_000
"""Documents issued at once, beside those that fail."""


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "documents").mkdir()
    save(tmp_path, "D10", BEGIN, "正文", END, "{{ doc_no }}", title="{{ title }}")
    (tmp_path / "regulation").mkdir()
    (tmp_path / "regulation" / "clauses.toml").write_text("[clauses]\n")
    return Templates(tmp_path)


@pytest.mark.parametrize("many", [FEW, pytest.param(MANY, marks=pytest.mark.campaign)], ids=["few", "many"])
def test_numbers_have_no_gap_and_no_double_whoever_issues_and_whatever_fails(
    many: int,
    open_case: Callable[..., Case],
    district: Session,
    sessions: sessionmaker[Session],
    templates: Templates,
) -> None:
    # given eight clerks who issue at the same moment, and every fifth of whose transactions is taken back
    case = open_case().instance_id
    put_setting(district, "organ_word", "云")
    district.commit()
    turns, together, troubles = count(1), threading.Barrier(CLERKS), []

    def issue(session: Session) -> None:
        made = desk.draft(
            session, templates, case, "D10", "受理告知书", {}, issuing_body="区政府办公室", series="诉",
            actor=actor("clerk"), now=NOW,
        )  # fmt: skip
        desk.issue(
            session, templates, made.document.id, "受理告知书", made.text, {}, drafted_by="clerk",
            signed_as="DCS_LEAD", actor=actor("lead"), now=NOW,
        )  # fmt: skip

    def work(share: int) -> None:
        together.wait()
        done = 0
        while done < share:
            with see_as(sessions(), SYSTEM) as session:
                try:
                    issue(session)
                    if next(turns) % 5 == 0:
                        session.rollback()
                        continue
                    session.commit()
                except Exception as error:  # told in the test's own thread
                    troubles.append(error)
                    return
            done += 1

    shares = [many // CLERKS + (clerk < many % CLERKS) for clerk in range(CLERKS)]
    clerks = [threading.Thread(target=work, args=(share,)) for share in shares]
    # when
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    # then
    assert troubles == []
    with see_as(sessions(), SYSTEM) as session:
        rows = session.execute(select(Document.serial, Document.doc_no).order_by(Document.serial)).all()
    assert [row.serial for row in rows] == list(range(1, many + 1))
    assert [row.doc_no for row in rows] == [f"云政公开诉〔2026〕{serial}号" for serial in range(1, many + 1)]

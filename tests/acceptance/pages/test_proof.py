"""期限证明: read on the case page, printed, exported, checked offline; and who gets to see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from command.main import main
from engine.actor import Actor
from engine.deadline.verify import verify
from engine.instance import clock
from engine.store.tables import Deadline
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]
Out = pytest.CaptureFixture[str]
LI = Actor("lead", "李督查")


def address(site: Site, key: str, status: str = "running") -> str:
    with site.session() as session:
        row = session.scalars(select(Deadline).where(Deadline.key == key, Deadline.status == status)).first()
        assert row is not None
        return f"/case/{row.instance_id}/deadline/{row.id}/proof"


def exported(site: Site, login: str, where: str) -> dict[str, Any]:
    answer = site.as_(login).client.get(f"{where}.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    found: dict[str, Any] = json.loads(answer.get_data(as_text=True))
    return found


def move(site: Site, act: Callable[..., clock.Moved], **how: Any) -> None:
    """Moves the period of 办理, as its process does."""
    with site.session() as session:
        row = session.scalars(
            select(Deadline).where(Deadline.key == "CP-HANDLE", Deadline.status.in_(("running", "suspended")))
        ).first()
        assert row is not None
        act(session, site.system.context, row.id, **how, actor=LI, now=site.clock())
        session.commit()


def test_the_proof_is_read_printed_exported_and_checked(
    site: Site, filed: Filed, tmp_path: Path, capsys: Out
) -> None:
    # given
    number, _ = filed()
    task = site.as_("clerk1").get(f"/task/{site.open_task('ut_complete')}")
    assert "起算日，不计入期间" in task.words
    (where,) = {link for link in task.links("/case/") if link.endswith("/proof")}
    # when it is opened
    page = site.as_("clerk1").get(where)
    # then it stands there whole, and the paper can be held against the file
    content = exported(site, "clerk1", where)
    assert number in page.words
    assert content["proof"]["digest"] in page.words
    assert "2026-03-09（周一）24:00" in page.words
    assert "国办发明电〔2025〕7号" in page.words
    assert "《信访工作条例》（2022 年）第二十三条第二款" in page.words
    assert [cell.text_content() for cell in page.document.xpath("//td[contains(@class, 'edge')]//b")] == [
        "起",
        "止",
    ]
    assert (content["case"], content["due"], content["status"]) == (number, "2026-03-09", "running")
    # and anybody can check the file
    file = tmp_path / "证明.json"
    text = json.dumps(content, ensure_ascii=False, indent=2)
    file.write_text(text, "utf-8")
    assert main(["due", "--verify", str(file)]) == 0
    capsys.readouterr()
    file.write_text(text.replace("计入第 3 日", "计入第 4 日"), "utf-8")
    assert main(["due", "--verify", str(file)]) == 1
    said = capsys.readouterr().out
    line = int(said.split("第一处不符在第 ")[1].split(" 行")[0])
    assert "计入第 4 日" in file.read_text("utf-8").splitlines()[line - 1]
    assert "2026-03-05（周四）" in said


def test_what_moved_a_period_is_in_its_proof_and_who_may_see_it_sees_it(site: Site, filed: Filed) -> None:
    # given a case whose period was suspended, resumed and extended
    number, code = filed()
    walk.assign(site)
    move(site, clock.suspend, reason="第三方意见", clause="《政府信息公开条例》第三十二条")
    where = address(site, "CP-HANDLE", "suspended")
    asleep = site.as_("lead").get(where)
    assert "计时已中止" in asleep.words
    assert "尚未恢复" in asleep.words
    followed = site.browser().send("/query", {"number": number, "code": code, "tail": "5678"})
    assert "计时已中止" in followed.words
    site.clock.move(site.clock() + timedelta(days=3))
    site.inside.clear()  # log-ins do not last that long
    move(site, clock.resume)
    move(site, clock.extend, days=5, reason="案情复杂，需要到档案馆查阅历史资料")
    # when
    page, content = site.as_("lead").get(where), exported(site, "lead", where)
    # then
    assert "中止（第三方意见；依据《政府信息公开条例》第三十二条；李督查）" in page.words
    assert "延期 5 个工作日（案情复杂，需要到档案馆查阅历史资料；李督查）" in page.words
    assert "中止期间（第三方意见），不计入" in page.words
    assert len(page.document.xpath("//td[contains(@class, 'paused')]")) == 3
    assert verify(content) == []
    # and the complainant is told the day and why, not by whom
    followed = site.browser().send("/query", {"number": number, "code": code, "tail": "5678"})
    assert "中止计时（第三方意见），中止的日子不计入。" in followed.words
    assert "起算，当日不计入，期限 15 个工作日。" in followed.words
    assert "已延长 5 个工作日。" in followed.words
    assert "李督查" not in followed.words
    # and when a notice comes that moves what runs, what is finished is proved on the calendar of its time
    over = address(site, "CP-TRIAGE", "finished")
    before = exported(site, "lead", over)
    storm = {"name_7": "停工", "from_7": "2026-03-04", "to_7": "2026-03-05", "reason": "区政府停工通知"}
    site.as_("owner").submit(site.as_("owner").send("/calendar/2026/edit", storm), "/calendar/2026")
    assert exported(site, "lead", over) == before
    running = exported(site, "lead", where)
    assert running["proof"]["calendar_version"] != before["proof"]["calendar_version"]
    assert verify(running) == []
    # and only who may open the case sees any of it
    for page_address in (where, f"{where}.json"):
        seen_by_others(site, page_address)


def seen_by_others(site: Site, where: str) -> None:
    """The unit that handles the case sees it; other units, who watches lists, and strangers do not."""
    assert site.as_("u07-contact").client.get(where).status_code == 200
    foreign = site.as_("u08-contact").get(where)
    assert foreign.code == 404
    assert "不在您的查看范围内" in foreign.words
    watcher = site.as_("manager").get(where)
    assert watcher.code == 403
    assert "不能打开它的内容" in watcher.words
    assert "登录" in site.browser().get(where).words


def test_a_deadline_of_another_case_is_not_under_this_one(site: Site, filed: Filed) -> None:
    filed()
    first = address(site, "CP-TRIAGE")
    filed()
    with site.session() as session:
        ids = session.scalars(select(Deadline.id).where(Deadline.key == "CP-TRIAGE")).all()
    (other,) = (deadline_id for deadline_id in ids if deadline_id not in first)
    _, case, *_ = first.strip("/").split("/")
    assert site.as_("clerk1").get(f"/case/{case}/deadline/{other}/proof").code == 404


def test_without_the_rules_of_then_the_page_says_why(site: Site, filed: Filed) -> None:
    filed()
    where = address(site, "CP-TRIAGE")
    with site.session() as session:
        session.get_one(Deadline, where.split("/")[4]).rule_version = "0" * 64
        session.commit()
    page = site.as_("clerk1").get(where)
    assert page.code == 409
    assert "不能重新计算" in page.words
    case = site.as_("clerk1").get(where.split("/deadline/")[0])
    assert case.code == 200
    assert "不能重新计算" in case.words

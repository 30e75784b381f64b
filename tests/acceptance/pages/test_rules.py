"""期限规则 without script: every rule listed, one changed with its effect first, and every refusal said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.deadline.rule_text import with_terms
from engine.history import verify_all
from engine.store.tables import Deadline, HistoryEntry, HistoryPayload, RuleVersion
from tests.acceptance.pages.browser import Page
from tests.acceptance.pages.conftest import PROCESSES, Site

LATER = datetime(2026, 3, 3, 1, tzinfo=UTC)
FILE = (PROCESSES / "deadlines.toml").read_text()


def preview(site: Site, key: str, **data: object) -> Page:
    return site.as_("owner").send(f"/rules/{key}", {"reason": "试行半年后调整", **data})


def upload(site: Site, text: str) -> Page:
    owner = site.as_("owner")
    data = {"file": ("deadlines.toml", text.encode()), "reason": "试行半年后调整"}
    return owner.submit(owner.get("/rules"), "/rules/upload", data)


def test_every_rule_is_listed_with_clause_unit_origin_and_ladder(site: Site) -> None:
    page = site.as_("owner").get("/rules")
    rows = {row.xpath(".//code")[0].text: " ".join(row.text_content().split())
            for row in page.document.xpath("//table[@class='tbl']/tbody/tr")}  # fmt: skip
    assert len(rows) == 90
    assert "15 个工作日，自受理起" in rows["CP-HANDLE"]
    assert "可延期 1 次，每次不超过 10 个工作日" in rows["CP-HANDLE"]
    assert "默认" in rows["CP-HANDLE"]
    assert "明文规定《中华人民共和国政府信息公开条例》（2019 年修订）第三十三条" in rows["IC-DUE"]
    assert "80% 黄灯" in rows["IC-DUE"]
    assert "每年 3 月 31 日前" in rows["YR-GOV"]


@pytest.mark.parametrize("address", ["/rules", "/rules/CP-HANDLE"])
def test_others_are_told_who_keeps_them(site: Site, address: str) -> None:
    page = site.as_("clerk1").get(address)
    assert (page.code, "由流程所有者和系统管理员维护" in page.words) == (403, True)


def test_a_change_shows_its_effect_and_touches_only_what_starts_later(
    site: Site, filed: Callable[..., tuple[str, str]]
) -> None:
    filed()
    site.clock.move(LATER)
    shown = preview(site, "CP-TRIAGE", value="3")
    assert "1 件在办仍按旧规则；新办件平均提前" in shown.words
    with site.session() as session:
        assert len(session.scalars(select(RuleVersion)).all()) == 1
    page = site.as_("owner").submit(shown, "/rules")
    assert "已发布新版本：1 条规则有改动" in page.words
    assert "试行半年后调整" in page.words
    filed()
    with site.session() as session:
        triage = select(Deadline).where(Deadline.key == "CP-TRIAGE").order_by(Deadline.started_at)
        old, new = session.scalars(triage)
        assert (old.due_on, new.due_on) == (date(2026, 3, 9), date(2026, 3, 6))
        assert old.rule_version != new.rule_version


def test_who_when_and_why_stand_in_the_chain_of_the_system(site: Site) -> None:
    site.clock.move(LATER)
    site.as_("owner").submit(preview(site, "CP-HANDLE", value="12"), "/rules")
    with site.session() as session:
        last = session.scalars(
            select(HistoryEntry)
            .where(HistoryEntry.kind == "rules.published")
            .order_by(HistoryEntry.seq.desc())
        ).first()
        assert last is not None
        assert (last.chain, last.actor, last.at) == ("system", "owner", LATER)
        payload = session.get_one(HistoryPayload, ("system", last.seq))
        assert "试行半年后调整" in payload.content.decode()
        assert list(verify_all(session)) == []


@pytest.mark.parametrize(
    ("key", "data", "sentence"),
    [
        ("CP-HANDLE", {"value": "-3"}, "value（期限长度）应为 0 至 250 的整数（工作日），但写的是 -3"),
        ("CP-HANDLE", {"value": "4000"}, "应为 0 至 250 的整数"),
        ("CP-HANDLE", {"value": "半个月"}, "长度应为整数，但写的是“半个月”"),
        ("CP-HANDLE", {"unit": "weeks"}, "unit（单位）应为 wd（工作日）、cd（自然日）"),
        ("CP-HANDLE", {"max": "99"}, "延期次数 max 应为 1 至 5 的整数"),
        ("CP-HANDLE", {"reason": ""}, "请写明修改的理由"),
        ("YR-GOV", {"value": "02-30"}, "应为每年都有的“月-日”"),
        (
            "IC-DUE",
            {"value": "30"},
            "（依据《中华人民共和国政府信息公开条例》（2019 年修订）第三十三条），不能延长为 30 个工作日",
        ),
    ],
)
def test_a_bad_change_is_refused_with_the_reason(
    site: Site, key: str, data: dict[str, Any], sentence: str
) -> None:
    if "unit" in data:
        owner = site.as_("owner")
        token = owner.get(f"/rules/{key}").form(f"/rules/{key}").fields["csrf_token"]
        typed = {"csrf_token": token, "value": "5", "n": "0", "max": "0", "reason": "试", **data}
        page = owner.post(f"/rules/{key}", typed)
    else:
        page = preview(site, key, **data)
    assert (page.code, sentence in page.words) == (422, True), page.words
    with site.session() as session:
        assert len(session.scalars(select(RuleVersion)).all()) == 1


def test_a_whole_file_is_taken_after_its_effect_was_shown(site: Site) -> None:
    site.clock.move(LATER)
    shown = upload(site, with_terms(FILE, "CP-HANDLE", {"value": 14}))
    assert "条规则有改动" in shown.words
    assert "CP-HANDLE" in shown.words
    assert "已发布新版本" in site.as_("owner").submit(shown, "/rules").words


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (FILE.replace("[CP-HANDLE]", "[CP-TRIAGE]"), "同一规则写了 2 次"),
        (FILE.replace("[CP-HANDLE]", "[CP-HANDLE-2]"), "CP-HANDLE：“P3 投诉办结”被删去了"),
        (FILE + "\n[", "不符合 TOML 格式"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(site: Site, text: str, sentence: str) -> None:
    page = upload(site, text)
    assert (page.code, sentence in page.words) == (422, True), page.words


def test_a_rule_climbs_the_ladder_that_was_chosen_for_it(
    site: Site, filed: Callable[..., tuple[str, str]]
) -> None:
    # given a file with a second ladder, which one rule uses
    site.clock.move(LATER)
    strict = FILE.replace("[ladder.default]", "[ladder.strict]\namber = 60\n\n[ladder.default]", 1)
    shown = upload(site, with_terms(strict, "CP-BOX", {"ladder": "strict"}))
    assert "新办件的到期日不变" in shown.words
    site.as_("owner").submit(shown, "/rules")
    # when it is chosen for another
    site.clock.move(LATER + timedelta(minutes=5))
    site.as_("owner").submit(preview(site, "CP-TRIAGE", ladder="strict"), "/rules")
    # then new deadlines turn amber earlier
    filed()
    with site.session() as session:
        row = session.scalars(select(Deadline).where(Deadline.key == "CP-TRIAGE")).one()
        assert (row.due_on, row.amber_on) == (date(2026, 3, 10), date(2026, 3, 6))
    page = site.as_("owner").get("/rules/CP-TRIAGE")
    assert "strict：60% 黄灯" in page.words
    assert page.document.xpath("string(//select[@id='ladder']/option[@selected]/@value)") == "strict"


def test_an_unknown_rule_is_not_found(site: Site) -> None:
    assert site.as_("owner").get("/rules/CP-NOTHING").code == 404

"""A complaint runs late to the last rung; whatever leaves by mail names numbers, tasks, days and links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from command.play.perform import perform
from command.play.script import read_script
from command.play.stage import Stage, Theatre
from engine.store.tables import Instance
from scheduler.pump import Pump, drain
from supervision.case.table import Case
from supervision.notice.channels import channels
from supervision.notice.channels._smtp import Gateway
from supervision.notice.channels.mail import Mail
from supervision.notice.deliver import Postman
from supervision.notice.digest import write_digests
from supervision.notice.route import route
from supervision.notice.table import Notice, NoticeDelivery
from tests.post_office import HOST, Office, post_office

STORY = Path(__file__).parents[3] / "processes" / "complaint" / "scenarios" / "L1-逐级督办.toml"
SITE = "https://ducha.example.invalid"


@pytest.fixture(scope="module")
def theatre() -> object:
    with Theatre(STORY.parents[2]) as opened:
        yield opened


def mailed(stage: Stage, office: Office) -> None:
    """Writes a digest, gives out all that was written, and sends it."""
    gateway = Gateway(HOST, office.port, "smtp")
    postman = Postman(stage.session, channels()["mail"], Mail(gateway, "ducha@yunxi.example.invalid", SITE))
    with stage.session() as session:
        write_digests(session, stage.system.context.calendar(session), stage.clock())
        session.commit()
        for notice in session.scalars(select(Notice)):
            notice.created_at = stage.clock()  # as if all of it had been written today
        session.commit()
        while route(session, ["mail"], stage.clock()):
            session.commit()
        session.commit()
    pump = Pump(stage.system.sessions, stage.system.context, "mail", senders={"mail": postman})
    drain(pump, "send", stage.clock, most=1000)


def test_no_letter_says_who_complained_or_what_about(theatre: Theatre) -> None:
    # given a complaint that was late in its unit, with all that was told on its way
    script = read_script(STORY)
    stage = theatre.stage(script.start)
    late = next(n for n, step in enumerate(script.steps) if step.task == "ut_unit_handle")
    assert perform(stage, script.__class__(**{**vars(script), "steps": script.steps[:late]})) == []
    # when
    with post_office() as office:
        mailed(stage, office)
    # then
    with stage.session() as session:
        assert set(session.scalars(select(NoticeDelivery.status))) == {"sent"}
        number, extract = session.execute(
            select(Case.number, Case.extract).where(Case.kind == "complaint")
        ).one()
        title = session.scalars(
            select(Instance.title).where(Instance.business_key == number, Instance.process_id == "complaint")
        ).one()
    letters = [f"{letter['Subject']}\n{letter.get_content()}" for letter in office.letters]
    assert len(letters) > 15
    for words in ("新任务", "即将到期", "已逾期", "严重逾期", "今日提要"):
        assert any(words in letter for letter in letters), words
    secret = [script.begin.data[name] for name in ("name", "phone", "facts", "request")]
    for words in (*secret, extract, title, "收费目录"):
        assert [letter for letter in letters if words in letter] == []
    for letter in letters:
        links = re.findall(r"https?://\S+", letter)
        assert all(
            re.fullmatch(rf"{SITE}/(inbox|case/\w+|task/\w+|document/\w+|follow-up/\w+)", link)
            for link in links
        )
        assert links
    stage.close()

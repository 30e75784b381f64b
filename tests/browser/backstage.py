"""Brings a case to where a story begins, without a browser: the shorter way to what is tested elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from engine.store.tables import Task
from supervision.case.table import Case
from supervision.complaint.intake import NewReceipt
from tests.browser.server import Server
from tests.integration.supervision.yunxi import Yunxi


@contextmanager
def backstage(server: Server) -> Iterator[Yunxi]:
    """Somebody who sees and may do everything; what was done is kept at the end."""
    with server.system.session() as session:
        yield Yunxi(session, server.system.context, server.system.keys, server.clock())
        session.commit()


def kept(yunxi: Yunxi, number: str) -> NewReceipt:
    """The receipt of a complaint that came through the browser, as the backstage uses it."""
    instance_id = yunxi.session.scalars(select(Case.instance_id).where(Case.number == number)).one()
    return NewReceipt(number, "", instance_id, with_phone=True)


def filed(server: Server) -> NewReceipt:
    """A complaint that nobody has looked at yet."""
    with backstage(server) as yunxi:
        return yunxi.file()


def task_id(server: Server, receipt: NewReceipt, element_id: str) -> str:
    """Of the one open task drawn as `element_id`."""
    with server.system.session() as session:
        return session.scalars(
            select(Task.id).where(
                Task.instance_id == receipt.instance_id, Task.element_id == element_id, Task.status == "open"
            )
        ).one()


def letter(server: Server, number: str) -> None:
    """Draws up, signs and delivers the letter that the case waits for."""
    with backstage(server) as yunxi:
        yunxi.letter(kept(yunxi, number))

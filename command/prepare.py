"""Makes a data folder ready: keys, migrations, the demo if empty, the process files if unpublished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

import engine.definition
from command.bundles import bundles_at
from command.checks import checker_for
from command.clock import Clock, system_clock
from command.compose import System, compose, ensure_keys, ensure_secret
from command.say import Refused
from command.settings import Settings
from engine.actor import SYSTEM_ACTOR
from engine.store.tables import Definition
from supervision.basis.versions import publish_missing
from supervision.seed import is_empty, seed_demo
from supervision.setting import declare, is_demo

DEMO_PAST = timedelta(days=150)
"""The fictitious district is that old, so that its cases can have begun before today."""


@dataclass(frozen=True)
class Prepared:
    """What was found or made."""

    system: System
    demo: bool
    published: tuple[str, ...]
    """Keys of the bundles published now, as `bootstrap`."""


def prepare(settings: Settings, clock: Clock = system_clock) -> Prepared:
    """Safe to run at every start, also by several processes: what is there already is never overwritten.

    Raises:
        ConnectionError: the database cannot be reached.
        Refused: no process files. DiagramError: a process file cannot be published.
    """
    from engine.store import migrate  # Alembic: needed here and never again

    if not settings.processes.is_dir():
        raise Refused(f"没有流程文件夹 {settings.processes}：请用 DUCHA_PROCESSES 指明")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = ensure_keys(settings)
    ensure_secret(settings)
    with migrate.alone(settings.database_url):
        migrate.upgrade(settings.database_url)
        system = compose(settings, keys, clock)
        with system.session() as session:
            if is_empty(session):
                seed_demo(session, settings.processes, now=clock() - DEMO_PAST)
            declare(session, settings.processes)
            publish_missing(session, settings.processes, by=SYSTEM_ACTOR, now=clock())
            session.commit()
            demo = is_demo(session)
        published = bootstrap(system, since=clock() - DEMO_PAST if demo else clock())
    return Prepared(system, demo, published)


def bootstrap(system: System, since: datetime) -> tuple[str, ...]:
    """Publishes the process files, in effect `since`, into a database that holds no process at all."""
    processes = system.settings.processes
    with system.session() as session:
        if session.scalars(select(Definition.id).limit(1)).first() is not None:
            return ()
        bundles = bundles_at([processes])
        versions = engine.definition.publish_set(
            session, bundles, by=SYSTEM_ACTOR.login, approved_by=SYSTEM_ACTOR.login, now=since,
            check=checker_for(processes, bundles), act="bootstrap", note="初始导入",
        )  # fmt: skip
        session.commit()
    return tuple(version.key for version in versions)

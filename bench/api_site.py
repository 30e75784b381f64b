"""A district for benches: seeded, with what is to run published, and a key for its clerk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import engine.definition
from bench.eleven import DIAGRAMS, bundle
from command.compose import System
from command.prepare import prepare
from command.settings import read_settings
from engine.actor import SYSTEM_ACTOR
from supervision.account.token import SCOPES, issue

CLERK = "clerk1"


def prepared(folder: Path, url: str = "") -> tuple[System, str]:
    """The district in `folder`, or with its database at `url`; returns it with a key."""
    environ = {"DUCHA_DATA": str(folder), **({"DATABASE_URL": url} if url else {})}
    system = prepare(read_settings(environ)).system
    now = system.clock()
    with system.session() as session:
        for process in DIAGRAMS:
            files = bundle(process)
            engine.definition.publish(session, process, files, by="甲", approved_by="乙", now=now)
        key = issue(session, CLERK, SCOPES, now + timedelta(days=1), by=SYSTEM_ACTOR, now=now)
        session.commit()
    return system, key

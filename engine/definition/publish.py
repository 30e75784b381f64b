"""Publishes a bundle: checked, numbered, immutable. The same digest twice is the same version."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.compile import compile_bundle
from engine.bpmn.program import Process, Program
from engine.definition.bundle import Files, called_processes, digest, executable, own_processes
from engine.definition.find import files_of
from engine.definition.inspection import inspect
from engine.definition.pin import closure, pin_calls
from engine.errors import DiagramError, Problem
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.store.hold import hold
from engine.store.jobs import put_job
from engine.store.tables import Definition, DefinitionFile, DefinitionProcess, KeptMessage

Check = Callable[[str, Files, Program], Sequence[Problem]]
"""Given key, files and program, returns what is wrong; the composition root knows forms, roles, rules."""


OWN = "bootstrap"
"""The act of publishing what comes with the program."""


def publish(
    session: Session,
    key: str,
    files: Files,
    *,
    by: str,
    approved_by: str,
    now: datetime,
    effective_from: datetime | None = None,
    note: str = "",
    check: Check | None = None,
    act: str = "published",
) -> Definition:
    """The version with exactly these files, new or already there.

    What people publish is read in a child process first.

    Raises:
        DiagramError: with all problems found; nothing is written then.
    """
    hold(session, "definition", key)
    identity = digest(files)
    same = session.scalars(
        select(Definition).where(Definition.key == key, Definition.digest == identity)
    ).first()
    if same is not None:
        return same
    if act == "published" and by == approved_by:
        raise DiagramError([Problem("", f"起草人与发布人应为两人，但都是“{by}”：请由另一人发布", file=key)])
    if act != OWN:
        inspect(executable(files))
    calls = pin_calls(session, key, files, now)
    called = [executable(files_of(session, pinned)) for pinned in closure(session, key, calls)]
    program = compile_bundle(executable(files), called=called)
    problems = [p for p in (check(key, files, program) if check else ()) if p.severity == "error"]
    if problems:
        raise DiagramError(problems)
    return _insert(
        session, key, files, program, calls, identity, by, approved_by, now, effective_from or now, note, act
    )


def publish_set(
    session: Session,
    bundles: Mapping[str, Files],
    *,
    by: str,
    approved_by: str,
    now: datetime,
    check: Check | None = None,
    act: str = "published",
    effective_from: datetime | None = None,
    note: str = "",
) -> list[Definition]:
    """Publishes several bundles, called ones first, so that each pins what was published with it."""
    for files in bundles.values() if act != OWN else ():
        inspect(executable(files))
    return [
        publish(
            session, key, bundles[key], by=by, approved_by=approved_by, now=now, check=check, act=act,
            effective_from=effective_from, note=note,
        )
        for key in _callees_first(bundles)
    ]  # fmt: skip


def _callees_first(bundles: Mapping[str, Files]) -> list[str]:
    home = {process: key for key, files in bundles.items() for process in own_processes(files)}
    order: list[str] = []

    def visit(key: str, path: tuple[str, ...]) -> None:
        if key in order:
            return
        if key in path:
            raise DiagramError([Problem("", f"流程相互调用成环：{' → '.join((*path, key))}", file=key)])
        for process in sorted(called_processes(bundles[key])):
            if process in home:
                visit(home[process], (*path, key))
        order.append(key)

    for key in sorted(bundles):
        visit(key, ())
    return order


def _insert(
    session: Session,
    key: str,
    files: Files,
    program: Program,
    calls: dict[str, str],
    identity: str,
    by: str,
    approved_by: str,
    now: datetime,
    effective_from: datetime,
    note: str,
    act: str,
) -> Definition:
    newest = session.scalar(select(func.max(Definition.version)).where(Definition.key == key)) or 0
    own = own_processes(files)
    processes = [program.processes[p] for p in sorted(own) if p in program.processes]
    main = next((p for p in processes if p.id == key), processes[0] if processes else None)
    version = Definition(
        id=uuid.uuid4().hex,
        key=key,
        version=newest + 1,
        version_tag=(main.version_tag or "") if main else "",
        name=(main.name or key) if main else key,
        digest=identity,
        effective_from=effective_from,
        published_at=now,
        published_by=by,
        approved_by=approved_by,
        note=note,
        calls=calls,
    )
    session.add(version)
    session.flush()
    session.execute(
        insert(DefinitionFile),
        [
            {
                "definition_id": version.id,
                "path": path,
                "digest": hashlib.sha256(content).hexdigest(),
                "content": content,
            }
            for path, content in sorted(files.items())
        ],
    )
    for process in processes:
        session.add(
            DefinitionProcess(
                definition_id=version.id,
                process_id=process.id,
                name=process.name or process.id,
                start_messages=_starts(process, "message"),
                start_signals=_starts(process, "signal"),
            )
        )
    _call_kept(session, version, processes, now)
    payload = {
        "key": key,
        "version": version.version,
        "digest": identity,
        "by": by,
        "approved_by": approved_by,
    }
    append(
        session,
        SYSTEM_CHAIN,
        f"definition.{act}",
        at=now,
        actor=Actor(approved_by),
        name=key,
        payload=payload,
    )
    session.flush()
    return version


def _starts(process: Process, kind: str) -> dict[str, str]:
    """Names of messages or signals that start it → ids of the start events."""
    return {start.message: start.id for start in process.starts if start.kind == kind and start.message}


def _call_kept(session: Session, version: Definition, processes: Sequence[Process], now: datetime) -> None:
    """Messages that came before this process was published are sent again once it is in effect."""
    names = sorted({name for process in processes for name in _starts(process, "message")})
    waiting = select(KeptMessage.id).where(KeptMessage.name.in_(names), KeptMessage.status == "kept").limit(1)
    if names and (version.effective_from > now or session.scalar(waiting)):
        payload = {"definition": version.id}
        put_job(session, f"kept:{version.id}", "kept", payload, version.effective_from, now)

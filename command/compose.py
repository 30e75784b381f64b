"""The composition root: from settings to database, keys, clock and the engine's context."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from command.clock import Clock, system_clock
from command.say import Refused
from command.settings import Settings, read_settings
from engine.instance import Context
from engine.store.db import make_engine, make_sessions
from engine.store.visibility import SYSTEM, install, see_as
from supervision import tables
from supervision.identity.key import Keys, create_keys, load_keys
from supervision.setup import make_context

SECRET_BYTES = 32
TABLES = tables.__all__
"""Importing them is what matters: all tables register themselves with the base."""


@dataclass(frozen=True)
class System:
    """Everything a verb needs. `keys` open the identity vault and never leave the process."""

    settings: Settings
    database: Engine
    sessions: sessionmaker[Session]
    keys: Keys
    context: Context
    clock: Clock

    def session(self) -> Session:
        """A session that sees every row; whoever opens it commits it."""
        return see_as(self.sessions(), SYSTEM)


def open_system(settings: Settings | None = None, clock: Clock = system_clock) -> System:
    """Opens what `prepare` made.

    Raises:
        Refused: the database or the keys are missing, or older than this program.
    """
    from engine.store import migrate  # Alembic: not kept in the memory of a server, which never needs it

    settings = settings or read_settings()
    if settings.database_url.startswith("sqlite:///") and not _sqlite_file(settings).exists():
        raise Refused(
            f"没有数据库 {_sqlite_file(settings)}：请先运行 ducha serve（演示）或 ducha init（真实的区）"
        )
    if not migrate.is_current(settings.database_url):
        raise Refused("数据库的结构与本程序的版本不符：请先备份，再运行 ducha serve 自动升级")
    return compose(settings, load_keys(key_file(settings)), clock)


def compose(settings: Settings, keys: Keys, clock: Clock = system_clock) -> System:
    """Wires the parts; opens no connection yet."""
    database = make_engine(settings.database_url)
    sessions = make_sessions(database)
    install(sessions)
    return System(settings, database, sessions, keys, make_context(settings.processes, keys), clock)


def key_file(settings: Settings) -> Path:
    """Where the identity keys are."""
    return settings.keys / "identity.key"


def ensure_keys(settings: Settings) -> Keys:
    """The identity keys, made when there are none yet."""
    path = key_file(settings)
    return load_keys(path) if path.exists() else create_keys(path)


def ensure_secret(settings: Settings) -> bytes:
    """The secret that signs session cookies, made when there is none yet; readable by its owner only."""
    path = settings.keys / "session.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(SECRET_BYTES))
    secret = path.read_bytes()
    if len(secret) < SECRET_BYTES:
        raise Refused(f"会话密钥文件 {path} 不完整：请删除它后重新启动（已登录的人需要重新登录）")
    return secret


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))

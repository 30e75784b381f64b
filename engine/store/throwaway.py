"""Databases that are made to be copied and thrown away: SQLite files, or databases of a PostgreSQL server."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from engine.errors import NotAllowed
from engine.store.db import make_engine


class Throwaway(Protocol):
    """Nobody may be connected to a database while it is copied or dropped."""

    def make(self, name: str) -> str:
        """The URL of an empty one."""

    def copy(self, name: str, to: str) -> str:
        """The URL of one like `name`."""

    def drop(self, name: str) -> None:
        """Deletes one."""


class Files:
    """SQLite files in a folder of the caller's, who deletes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def copy(self, name: str, to: str) -> str:
        shutil.copyfile(self._path(name), self._path(to))
        return self.make(to)

    def drop(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.db"


class Databases:
    """Databases beside the one at `url`, which itself is never touched."""

    def __init__(self, url: str) -> None:
        """Raises ValueError, in Chinese, when it is no PostgreSQL server."""
        self._server: Engine = make_engine(url, limited=False)
        if self._server.dialect.name != "postgresql":
            raise ValueError(f"应为 postgresql:// 开头的数据库地址，但是“{url}”")
        self._prefix = f"ducha_tmp_{uuid.uuid4().hex[:8]}_"

    def make(self, name: str) -> str:
        """Raises NotAllowed, in Chinese, when the server's user may not create databases."""
        self._do(f'CREATE DATABASE "{self._prefix}{name}"')
        return self._url(name)

    def copy(self, name: str, to: str) -> str:
        self._do(f'CREATE DATABASE "{self._prefix}{to}" TEMPLATE "{self._prefix}{name}"')
        return self._url(to)

    def drop(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{self._prefix}{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        url = self._server.url.set(database=self._prefix + name)
        return url.render_as_string(hide_password=False)

    def _do(self, words: str) -> None:
        try:
            with self._server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(words))
        except DBAPIError as error:
            raise NotAllowed(f"数据库服务器上不能建立临时库，请授予该用户 CREATEDB：{error.orig}") from error
        finally:
            self._server.dispose()

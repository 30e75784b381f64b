"""Settings: where data, database and process files are, from the environment; every value has a default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SEED = Path(__file__).resolve().parents[1] / "processes"
"""The process files that came with the program."""


@dataclass(frozen=True)
class Settings:
    """Absolute paths and a database URL."""

    data: Path
    """Folder of the database, the keys and nothing else; back it up, keys apart from the rest."""
    database_url: str
    processes: Path
    host: str
    port: int

    @property
    def keys(self) -> Path:
        """Folder of the keys, outside the database."""
        return self.data / "keys"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads DUCHA_DATA, DATABASE_URL, DUCHA_PROCESSES, DUCHA_HOST and DUCHA_PORT.

    Raises:
        ValueError: the port is no number; the message is Chinese.
    """
    values = os.environ if environ is None else environ
    data = Path(values.get("DUCHA_DATA") or "var").expanduser().resolve()
    port = values.get("DUCHA_PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"DUCHA_PORT 应为 1 至 65535 的端口号，但是“{port}”")
    return Settings(
        data=data,
        database_url=values.get("DATABASE_URL") or f"sqlite:///{data / 'ducha.db'}",
        processes=Path(values.get("DUCHA_PROCESSES") or SEED).expanduser().resolve(),
        host=values.get("DUCHA_HOST") or "127.0.0.1",
        port=int(port),
    )

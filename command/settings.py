"""Settings: where data, database and process files are, from the environment; every value has a default."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SEED = Path(__file__).resolve().parents[1] / "processes"
"""The process files that came with the program."""

LOCAL = ("127.0.0.1", "localhost", "::1")
"""Hosts that only the machine itself reaches: plain HTTP is private there."""


@dataclass(frozen=True)
class Settings:
    """Absolute paths and a database URL."""

    data: Path
    """Folder of the database, the keys and nothing else; back it up, keys apart from the rest."""
    database_url: str
    processes: Path
    host: str
    port: int
    https: bool = False
    """Whether browsers come by HTTPS: cookies are then never sent without it."""
    trusted_hops: int = 0
    """Proxies in front whose word on address and scheme is taken."""
    complaints_an_hour: int = 30
    queries_an_hour: int = 240
    """What one network may do in an hour on the public pages; many people may share one. 0 is no limit."""
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Every DUCHA_ variable as it was set, for the channels that lead outside; may hold a password."""

    @property
    def keys(self) -> Path:
        """Folder of the keys, outside the database."""
        return self.data / "keys"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads DATABASE_URL and DUCHA_DATA, _PROCESSES, _HOST, _PORT, _HTTPS, _TRUSTED_HOPS,
    _COMPLAINTS_AN_HOUR, _QUERIES_AN_HOUR.

    Raises:
        ValueError: one is no number of its range; the message is Chinese.
    """
    values = os.environ if environ is None else environ
    data = Path(values.get("DUCHA_DATA") or "var").expanduser().resolve()
    host = values.get("DUCHA_HOST") or "127.0.0.1"
    return Settings(
        data=data,
        database_url=values.get("DATABASE_URL") or f"sqlite:///{data / 'ducha.db'}",
        processes=Path(values.get("DUCHA_PROCESSES") or SEED).expanduser().resolve(),
        host=host,
        port=_number(values, "DUCHA_PORT", 8000, 1, 65535, "端口号"),
        https=bool(_number(values, "DUCHA_HTTPS", int(host not in LOCAL), 0, 1, "数：1 是，0 否")),
        trusted_hops=_number(values, "DUCHA_TRUSTED_HOPS", 0, 0, 9, "数：前面有几层代理"),
        complaints_an_hour=_number(values, "DUCHA_COMPLAINTS_AN_HOUR", 30, 0, 9999, "件数，0 为不限"),
        queries_an_hour=_number(values, "DUCHA_QUERIES_AN_HOUR", 240, 0, 9999, "次数，0 为不限"),
        given={name: value for name, value in values.items() if name.startswith("DUCHA_")},
    )


def _number(values: Mapping[str, str], name: str, otherwise: int, least: int, most: int, what: str) -> int:
    text = (values.get(name) or str(otherwise)).strip()
    if not re.fullmatch("[0-9]{1,5}", text) or not least <= int(text) <= most:
        raise ValueError(f"{name} 应为 {least} 至 {most} 的{what}，但是“{text}”")
    return int(text)

"""What the pages need to know before they start; `command/` makes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from supervision.cycles.recur import Cycle


@dataclass(frozen=True)
class PageSettings:
    """`secret_key` signs the session cookie: at least 32 random bytes, kept outside the database."""

    secret_key: bytes
    district: str = ""
    """Name of the district, for the head of every page."""
    secure_cookies: bool = True
    """Only off where the pages are served over plain HTTP on one's own machine."""
    max_request_mb: int = 60
    privacy_notice: str = ""
    """What the complaint form says about personal data, one paragraph a line (个人信息保护法第十七条)."""
    clauses: Mapping[str, str] = field(default_factory=dict)
    """Clauses of the regulation, for pickers: code (``R8(8)``) → text."""
    processes: Path = Path("processes")
    """The folder of the process files: its lists of documents, requirements and scenarios."""
    cycles: tuple[Cycle, ...] = ()
    """What recurs, as cycles.toml says."""
    case_minutes: int = 30
    """How long a complainant stays let in after number and query code were given."""
    complaints_an_hour: int = 0
    """How many complaints one network may file in an hour; 0 counts none."""
    queries_an_hour: int = 0
    """How often one network may ask for a case, or act in one, in an hour; 0 counts none."""
    outward: Collection[str] = ()
    """Names of the channels beside in-app through which messages are sent."""
    trusted_hops: int = 0
    """Proxies in front whose X-Forwarded-For and -Proto are believed; 0 where there is none."""

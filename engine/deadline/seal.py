"""The digest (摘要) of a proof: one changed character anywhere, and it no longer fits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest_of(proof: Mapping[str, Any]) -> str:
    """SHA-256 over everything but ``digest``: JSON in UTF-8, keys sorted, no spaces (``jq -cS``, no newline).

    Raises:
        ValueError: text that is no Unicode.
    """
    content = {name: value for name, value in proof.items() if name != "digest"}
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def sealed(proof: Mapping[str, Any], about: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`proof` with its digest; `about` (``{case, name, …}``) says whose period it is and is covered too."""
    whole = {name: value for name, value in proof.items() if name != "digest"}
    if about is not None:
        whole["about"] = dict(about)
    return {**whole, "digest": digest_of(whole)}

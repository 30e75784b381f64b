"""Title and number series of a document, where the diagram does not give them: from 公文目录.

Source: DOMAIN 6.1, 6.2. Some templates serve two documents; what was decided tells which.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supervision.document.register import Entry


def title_of(register: Mapping[str, Entry], code: str, data: Mapping[str, Any]) -> str:
    """The title by template and decision; the code itself for a template that is not registered."""
    entry = register.get(code)
    return entry.variant(data).title if entry else code


def series_of(register: Mapping[str, Entry], code: str, data: Mapping[str, Any]) -> str:
    """The number series; '' where the document has no number."""
    entry = register.get(code)
    return entry.variant(data).series if entry else ""

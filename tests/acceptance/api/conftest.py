"""The district of the pages, asked by programs."""

from __future__ import annotations

from tests.acceptance.pages.conftest import complaint, context, filed, prepared, site

__all__ = ["complaint", "context", "filed", "prepared", "site"]

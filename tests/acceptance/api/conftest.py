"""The district of the pages, asked by programs."""

from __future__ import annotations

import pytest

from command.checks import upload_check
from engine.instance import Context
from forms.app import create_app
from forms.settings import PageSettings
from tests.acceptance.pages.conftest import PROCESSES, Site, complaint, context, filed, prepared, settings
from tests.acceptance.pages.conftest import site as page_site
from tests.acceptance.tidy import TidyClient

__all__ = ["complaint", "context", "filed", "page_site", "prepared", "settings"]


@pytest.fixture
def site(page_site: Site, context: Context) -> Site:
    """The same district with an application through which bundles may be published."""
    system = page_site.system
    app = create_app(
        PageSettings(secret_key=b"k" * 32, secure_cookies=False), clock=page_site.clock,
        sessions=system.sessions, context=context, keys=system.keys, check=upload_check(PROCESSES),
    )  # fmt: skip
    app.test_client_class = TidyClient
    page_site.app = app
    return page_site

"""What every page may use: the clock, the engine's context, the keys; handed in by `command/`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import Flask, current_app, g

from engine.deadline.shanghai import date_of
from engine.definition.publish import Check
from engine.instance import Context
from forms.settings import PageSettings

NAME = "ducha"


@dataclass(frozen=True)
class Services:
    """`keys` open the identity vault; they never leave the process."""

    settings: PageSettings
    clock: Callable[[], datetime]
    context: Context
    keys: Any
    check: Check | None = None
    """What publishing through the API is checked with; without it nothing can be published there."""


def attach_services(app: Flask, services: Services) -> None:
    """Gives `app` its services."""
    app.extensions[NAME] = services


def services() -> Services:
    """Those of the running app."""
    return cast(Services, current_app.extensions[NAME])


def now() -> datetime:
    """The instant of this request: one and the same from its first line to its last."""
    if "now" not in g:
        g.now = services().clock()
    return cast(datetime, g.now)


def today() -> date:
    """The date of this request in Asia/Shanghai."""
    return date_of(now())

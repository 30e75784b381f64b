"""Pages as things that implement a clause: each by its endpoint, citing what its docstring cites."""

from __future__ import annotations

from flask import Flask

from supervision.basis.uses import Use


def page_uses(app: Flask) -> list[Use]:
    """One per view of `app`."""
    return [Use("页面", name, name, view.__doc__ or "") for name, view in app.view_functions.items()]

"""The kinds of things programs may ask for, one file each."""

from __future__ import annotations

from forms.api.resource import Resource
from forms.api.resources.tasks import tasks


def all_resources() -> tuple[Resource, ...]:
    """In the order of the description."""
    return (tasks,)

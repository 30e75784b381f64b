"""The kinds of things programs may ask for, one file each."""

from __future__ import annotations

from forms.api.resource import Resource
from forms.api.resources import deadlines, definitions, drafts, incidents, instances, messages, repairs, tasks

IN_ORDER = (definitions, drafts, instances, tasks, deadlines, messages, incidents, repairs)


def all_resources() -> list[Resource]:
    """In the order of the description."""
    return [module.resource for module in IN_ORDER]

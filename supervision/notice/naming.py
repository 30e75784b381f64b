"""What messages call a case: they leave the house, so a case is a number and nothing more."""

from __future__ import annotations

from engine.store.tables import Instance


def called(instance: Instance) -> str:
    """``TS-2026-0001``, or the title of what is no case, such as ``单位自查 2026H1 东溪街道办事处``.

    The title of a case begins with its number, and goes on with words that people chose.
    """
    number = instance.business_key
    return number if instance.title.startswith(number) else instance.title

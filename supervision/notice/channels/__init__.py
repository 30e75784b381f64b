"""Ways a message takes to a person: one file each, found by looking into this folder.

A new channel is a new file with a `CHANNEL`; nothing else names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from supervision.notice.channels.channel import Channel

HELPERS = ("channel",)
"""Files of this folder that are no channels; what begins with `_` is none either."""


@cache
def channels() -> Mapping[str, Channel]:
    """By name; in-app first, the others in the order of their names."""
    names = [found.name for found in pkgutil.iter_modules(__path__) if found.name not in HELPERS]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names if name[0] != "_"]
    found: list[Channel] = [module.CHANNEL for module in modules]
    found.sort(key=lambda channel: (not channel.always, channel.name))
    return MappingProxyType({channel.name: channel for channel in found})


def label_of(name: str) -> str:
    """Of a channel that may have been removed since."""
    known = channels().get(name)
    return known.label if known else name

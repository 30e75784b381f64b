"""Process versions: publish, find, load."""

from engine.definition.cache import ProgramCache
from engine.definition.find import current, definition, files_of, starting_with, versions
from engine.definition.publish import publish, publish_set

__all__ = [
    "ProgramCache",
    "current",
    "definition",
    "files_of",
    "publish",
    "publish_set",
    "starting_with",
    "versions",
]

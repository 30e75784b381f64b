"""Process versions: publish, find, load."""

from engine.definition.cache import ProgramCache
from engine.definition.find import current, definition, files_in_effect, files_of, versions
from engine.definition.publish import publish, publish_set
from engine.definition.starts import StartPoint, starts_of

__all__ = [
    "ProgramCache",
    "StartPoint",
    "current",
    "definition",
    "files_in_effect",
    "files_of",
    "publish",
    "publish_set",
    "starts_of",
    "versions",
]

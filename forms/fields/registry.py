"""The register of field types by form-js component type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from forms.fields.base import FieldType

T = TypeVar("T", bound=type[FieldType])

GRID = "dynamiclist.grid"
"""Registered beside form-js's own names."""

_types: dict[str, type[FieldType]] = {}


def register(name: str) -> Callable[[T], T]:
    """A class decorator. Raises ValueError when a type of that name is there already."""

    def add(cls: T) -> T:
        if name in _types:
            raise ValueError(f"Expected field type {name!r} to be new, but {_types[name]!r} has that name")
        cls.type = name
        _types[name] = cls
        return cls

    return add


def is_registered(name: object) -> bool:
    """Whether form-js components of that type can be mirrored on the server."""
    return isinstance(name, str) and name in _types


def names() -> tuple[str, ...]:
    """All registered component types, sorted."""
    return tuple(sorted(_types))


def field_type(name: str) -> type[FieldType]:
    """The class for a component type. Raises KeyError for an unknown one."""
    return _types[name]


def type_of(component: Mapping[str, Any]) -> type[FieldType]:
    """The class for a component: a list whose rows are given (`properties.grid`) is a type of its own.

    Raises KeyError for an unknown one.
    """
    given = component["type"] == "dynamiclist" and (component.get("properties") or {}).get("grid")
    return _types[GRID if given else component["type"]]


def build(components: list[Mapping[str, Any]]) -> tuple[FieldType, ...]:
    """The field types of linted components; buttons are the page's own and are left out."""
    return tuple(type_of(item)(item) for item in components if item["type"] != "button")

"""Field types: one file per form-js component type, found by its name.

Importing this package registers them all.
"""

from forms.fields import (
    checkbox,
    checklist,
    date_time,
    dynamic_list,
    file_picker,
    group,
    number,
    radio,
    select,
    separator,
    spacer,
    tag_list,
    text,
    text_area,
    text_field,
)
from forms.fields.base import FieldType
from forms.fields.registry import field_type, is_registered, names, register
from forms.fields.sources import NO_SOURCES, SOURCES, FieldContext, FileRef, Option, Sources

__all__ = [
    "NO_SOURCES",
    "SOURCES",
    "FieldContext",
    "FieldType",
    "FileRef",
    "Option",
    "Sources",
    "checkbox",
    "checklist",
    "date_time",
    "dynamic_list",
    "field_type",
    "file_picker",
    "group",
    "is_registered",
    "names",
    "number",
    "radio",
    "register",
    "select",
    "separator",
    "spacer",
    "tag_list",
    "text",
    "text_area",
    "text_field",
]

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
    item_grid,
    number,
    number_table,
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
from forms.fields.registry import field_type, is_registered, names, register, type_of
from forms.fields.sources import NO_SOURCES, SOURCES, FieldContext, FileRef, GridItem, Option, Sources

__all__ = [
    "NO_SOURCES",
    "SOURCES",
    "FieldContext",
    "FieldType",
    "FileRef",
    "GridItem",
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
    "item_grid",
    "names",
    "number",
    "number_table",
    "radio",
    "register",
    "select",
    "separator",
    "spacer",
    "tag_list",
    "text",
    "text_area",
    "text_field",
    "type_of",
]

"""From the .docx a process owner saved to a form that can be filled. Tags are those of docxtpl.

Word cuts a tag into runs and bends its quotation marks; docxtpl mends that. `{%p … %}` stands for its
paragraph, `{%tr … %}` for its table row.
"""

from __future__ import annotations

import hashlib
import re

from jinja2.sandbox import ImmutableSandboxedEnvironment

from supervision.document.word.form import DRAFTED, Form
from supervision.document.word.package import MAIN, read_parts

_FILLED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")


def compile_form(content: bytes, environment: ImmutableSandboxedEnvironment) -> Form:
    """Raises ValueError when it is no .docx, TemplateSyntaxError when a tag is wrong."""
    parts = read_parts(content)
    sources = {
        name: source_of(part)
        for name, part in parts.items()
        if name == MAIN or (_FILLED.fullmatch(name) and b"{" in part)
    }
    return Form(
        hashlib.sha256(content).hexdigest(),
        parts,
        sources,
        {name: environment.from_string(source) for name, source in sources.items()},
        environment.from_string(DRAFTED),
    )


def source_of(part: bytes) -> str:
    """Jinja source of an XML part. Raises ValueError when it is not UTF-8."""
    from docxtpl import DocxTemplate  # 5 MB and a third of a second: only who draws up documents pays

    return str(DocxTemplate("").patch_xml(part.decode()))

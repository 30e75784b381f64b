"""Form files: one form-js definition, linted at publish, drawn by Jinja and validated by marshmallow."""

from forms.schema.form import FormFile
from forms.schema.lint import lint
from forms.schema.render import render_answers, render_form

__all__ = ["FormFile", "lint", "render_answers", "render_form"]

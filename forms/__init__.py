"""Everything a person sees: pages, form fields, templates."""

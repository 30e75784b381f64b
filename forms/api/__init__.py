"""接口 /api/v1: what programs may ask and do, with the same rules as the pages.

An application of its own beside the pages: no cookie is read, none is set, and its errors are answers for
programs. `resources/` holds one file per kind of thing, `schemas/` what they take in and give out.
"""

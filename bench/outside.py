"""Puts the root in place of this folder on the import path: `http.py` has the name of a library module.

Each script imports it before anything else.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

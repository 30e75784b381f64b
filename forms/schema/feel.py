"""The FEEL subset forms may use in `conditional.hide`, compiled once and evaluated with null logic.

Literals, names (Chinese ones too) with paths, ``= != < <= > >=``, ``between``, ``in (…)``, ``in [a..b]``,
``+ - * /``, ``and or not(…)``, ``list contains(…)``, ``count(…)``. All else is refused. The browser's twin
is `web/src/feel.js`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forms.schema.feel_parser import Evaluate, FeelError, Parser

__all__ = ["LONGEST", "Feel", "FeelError", "compile_feel", "evaluate"]

LONGEST = 600
"""Characters; keeps the functions a chain of operators compiles to within the stack."""


@dataclass(frozen=True)
class Feel:
    """A compiled expression and the paths of the names it reads."""

    source: str
    names: frozenset[str]
    evaluate: Evaluate


@lru_cache(maxsize=1024)
def compile_feel(source: str) -> Feel:
    """Compiles once; a leading ``=`` is left out. Raises FeelError."""
    if len(source) > LONGEST:
        raise FeelError(f"超过 {LONGEST} 个字符")
    parser = Parser(source.strip().removeprefix("="))
    run = parser.parse()
    return Feel(source, frozenset(parser.names), run)


def evaluate(source: str, scope: Mapping[str, Any]) -> Any:
    """The value with these names; a name that is not there is null. Raises FeelError."""
    return compile_feel(source).evaluate(scope)

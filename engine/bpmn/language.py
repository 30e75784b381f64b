"""In which language a condition or script is written, as far as the file says so.

A language named at the file's head is tools' habit and says nothing; one named at the text itself counts.
"""

from __future__ import annotations

from textwrap import dedent

from engine.bpmn.expression import strip
from engine.bpmn.foreign import from_feel, from_juel
from engine.bpmn.names import BPMN, Xml, text_of

_OWN = ("", "python", "python3", "text/x-python", "application/x-python", "text/python")


def read_condition(flow: Xml, problems: list[str]) -> str | None:
    """The condition of a sequence flow; sentences about what is wrong are appended to `problems`."""
    text = text_of(flow, "conditionExpression")
    node = flow.find(f"{BPMN}conditionExpression")
    if text is None or node is None:
        return None
    language = node.get("language", "").strip()
    if language.lower() in _OWN or "${" in text or "#{" in text:
        return strip(text)
    if "feel" in language.lower():
        return from_feel(text.removeprefix("=")) or strip(text)
    if "juel" in language.lower():
        return from_juel(text) or strip(text)
    problems.append(f"条件用 {language} 写成，不会执行：请改写成 n > 3 这样的表达式，并去掉 language")
    return None


def read_script(node: Xml, variable: str | None, problems: list[str]) -> str | None:
    """The script of a script task; with a result variable an expression, whose value goes there.

    Files that are indented for the eye indent the lines of their scripts too.
    """
    text, language = text_of(node, "script"), node.get("scriptFormat", "").strip()
    if text is None or node.tag != f"{BPMN}scriptTask":
        return None
    if language.lower() not in (*_OWN, "juel"):
        problems.append(f"脚本用 {language} 写成，不会执行：请改写成赋值语句，scriptFormat 留空或写 python")
        return None
    if language.lower() == "juel" or variable:
        return f"{variable} = ({strip(text)})" if variable else strip(text)
    return dedent(node.findtext(f"{BPMN}script", "")).strip()

"""Why a computation failed, in the words of whoever drew the diagram."""

from __future__ import annotations

_WORDS: dict[type[BaseException], str] = {
    ZeroDivisionError: "除数为 0",
    OverflowError: "数值过大",
    IndexError: "列表没有这么多项",
    RecursionError: "嵌套太深",
    TypeError: "文字、数字、日期或空值不能这样一起计算或比较",
    ValueError: "值不合要求，例如文字不能读作数字或日期",
    AttributeError: "这个值没有这样的属性",
    UnicodeError: "文字中有不能处理的字符",
}


def told(error: BaseException) -> str:
    """One sentence without its full stop; a kind that has no words is called by its name."""
    if isinstance(error, KeyError):
        return f"映射中没有“{error.args[0] if error.args else ''}”这一项"
    words = next((said for kind, said in _WORDS.items() if isinstance(error, kind)), "")
    return words or f"计算不下去（{type(error).__name__}）"

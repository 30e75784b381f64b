"""设置: the few values a district sets once, such as its name and whether this is a demo."""

from supervision.setting.known import date_setting, declare, known, setting
from supervision.setting.store import get_setting, is_demo, put_setting

__all__ = ["date_setting", "declare", "get_setting", "is_demo", "known", "put_setting", "setting"]

"""设置: the few values a district sets once, such as its name and whether this is a demo."""

from supervision.setting.store import get_setting, is_demo, put_setting

__all__ = ["get_setting", "is_demo", "put_setting"]

"""预警与亮牌: cards by unit, what is proposed about a late unit, and whom the warnings reached."""

from forms.pages.escalation import cards, follow_up, urge

__all__ = ["cards", "follow_up", "urge"]

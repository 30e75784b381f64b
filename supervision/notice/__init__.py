"""站内通知: short lines for people who log in, without a word about who complained."""

from supervision.notice.notify import holders, notify
from supervision.notice.read import mark_read, notices_of, unread_count

__all__ = ["holders", "mark_read", "notices_of", "notify", "unread_count"]

"""What only the viewer sees of themselves."""

from __future__ import annotations

import strawberry

from models.counter import unread_notifications
from resolvers.context import Info
from resolvers.viewer_row import ViewerRow


async def unread_notification_count(parent: strawberry.Parent[ViewerRow], info: Info) -> int:
    """How many notifications the viewer has not read."""
    return await unread_notifications(parent.id)

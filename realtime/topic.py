"""Topics: the names under which events and signals find those who follow them."""

from __future__ import annotations

HOME = "home"  # every home (rare events that cannot name their readers)
EXPLORE = "explore"
SESSIONS = "sessions"


def author(user_id: int) -> str:
    """What a person posts and reposts."""
    return f"author:{user_id}"


def viewer(user_id: int) -> str:
    """What changes the rules of one reader: follows, blocks, mutes."""
    return f"viewer:{user_id}"


def hashtag(name: str) -> str:
    """What is posted under a hashtag, by its folded name."""
    return f"hashtag:{name}"


def conversation(conversation_id: int) -> str:
    """Every reply of one conversation, and the end of every post in it; known by its first post."""
    return f"conversation:{conversation_id}"


def post(post_id: int) -> str:
    """What happens to one post: counters, deletion."""
    return f"post:{post_id}"


def permits(user_id: int) -> str:
    """Requests to remix that a person made or is asked by."""
    return f"permits:{user_id}"


def job(job_id: int) -> str:
    """The life of one generation job, for its owner."""
    return f"job:{job_id}"

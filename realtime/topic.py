"""Topics: the names under which events and signals find those who follow them."""

from __future__ import annotations

HOME = "home"  # every home (rare events that cannot name their readers)
EXPLORE = "explore"
POSTS = "posts"  # every post that comes or goes, whoever it is for
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


def user_list(list_id: int) -> str:
    """What becomes of a list of people: its settings, who stands on it, its end."""
    return f"list:{list_id}"


def board(board_id: int) -> str:
    """What becomes of a board: its settings, its posts and their order, its end."""
    return f"board:{board_id}"


def custom_feed(feed_id: int) -> str:
    """What becomes of a custom feed: its settings, its rules, its end."""
    return f"feed:{feed_id}"


def post(post_id: int) -> str:
    """What happens to one post: counters, deletion."""
    return f"post:{post_id}"


def permits(user_id: int) -> str:
    """Requests to remix that a person made or is asked by."""
    return f"permits:{user_id}"


def drafts(user_id: int) -> str:
    """What becomes of a person's drafts, for themselves."""
    return f"drafts:{user_id}"


def saved_searches(user_id: int) -> str:
    """What somebody does with the searches they saved."""
    return f"saved_searches:{user_id}"


def saved_query(query_id: int) -> str:
    """What is found by something that somebody saved, whoever did."""
    return f"saved_query:{query_id}"


def job(job_id: int) -> str:
    """The life of one generation job, for its owner."""
    return f"job:{job_id}"


def notifications(user_id: int) -> str:
    """What a person is told of, and how far they have read."""
    return f"notifications:{user_id}"


def chats(user_id: int) -> str:
    """What happens in all chats of one person, as far as it is for them."""
    return f"chats:{user_id}"


def typing(chat_id: int) -> str:
    """Signals: who is writing in a chat."""
    return f"typing:{chat_id}"

"""Lines of the notifications in sentences: who, how many, in both languages, and what may stand on a locked screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from discovery.notification_line import NotificationRow
from models.job import JobState
from models.notification_kind import NotificationKind
from models.preference import InterfaceLanguage
from models.visibility import Visibility
from work.sentence import LONGEST_EXCERPT_CHARACTERS, TONGUES, excerpt, path_of, sentence

EN, FR = InterfaceLanguage.EN, InterfaceLanguage.FR
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def line(kind: NotificationKind, *names: str, count: int | None = None, **more: Any) -> NotificationRow:
    actors = cast(Any, [SimpleNamespace(display_name=name, handle="x") for name in names])
    size = len(names) if count is None else count
    row = NotificationRow(1, 1, kind, max(1, size), actors, None, None, None, None, None, None, NOW, NOW, True)
    return replace(row, **more)


def post(text: str, **more: Any) -> Any:
    given = {"visibility": Visibility.PUBLIC, "content_warning": None, "viewer_filter": None, "gid": "post_5", **more}
    return SimpleNamespace(text=text, **given)


@pytest.mark.parametrize("language", list(InterfaceLanguage))
@pytest.mark.parametrize("kind", list(NotificationKind))
def test_every_kind_has_words(kind: NotificationKind, language: InterfaceLanguage) -> None:
    said = sentence(line(kind, "Ada"), language)
    assert said
    searched = kind is NotificationKind.SAVED_SEARCH  # whose line has a search
    assert searched == (said == TONGUES[language].other)


def test_one_two_and_many() -> None:
    like = NotificationKind.LIKE
    assert sentence(line(like, "Ada"), EN) == "Ada liked your post"
    assert sentence(line(like, "Ada", "Bob"), EN) == "Ada and Bob liked your post"
    assert sentence(line(like, "Ada", "Bob", "Carl", count=3), EN) == "Ada, Bob and 1 other liked your post"
    assert (
        sentence(line(like, "Ada", "Bob", "Carl", count=30), FR)
        == "Ada, Bob et 28 autres personnes ont aimé votre publication"
    )
    assert sentence(line(like, "Ada", count=2), EN) == "Ada and 1 other liked your post"
    assert sentence(line(NotificationKind.FOLLOW, "Ada", "Bob"), FR) == "Ada et Bob vous suivent"
    assert sentence(line(NotificationKind.POLL_ENDED), FR) == "Votre sondage est terminé"
    done = cast(Any, SimpleNamespace(state=JobState.SUCCEEDED))
    assert sentence(line(NotificationKind.GENERATION_FINISHED, job=done), EN) == "What you asked for is made"
    assert sentence(line(NotificationKind.GENERATION_FINISHED, count=3), EN) == "3 of your generations have ended"
    search = cast(Any, SimpleNamespace(name="", text="a fox", id=5))
    found = line(NotificationKind.SAVED_SEARCH, count=2, saved_search=search)
    assert sentence(found, EN) == "2 posts are new in “a fox”"
    assert path_of(found) == "/search?q=a+fox"


def test_names_cannot_break_the_line_or_fill_it() -> None:
    said = sentence(line(NotificationKind.REPLY, "A\n\u202eda\u2028" + "x" * 200), EN)
    assert said.isprintable()
    assert len(said) < 100
    family = "👩\u200d👧"
    assert family in sentence(line(NotificationKind.REPLY, family), EN)


def test_what_is_not_for_everybody_is_not_quoted() -> None:
    def begun(**more: Any) -> str:
        return excerpt(line(NotificationKind.MENTION, "Ada", post=post("Hello\n world", **more)))

    assert begun() == begun(visibility=Visibility.UNLISTED) == "Hello world"
    assert begun(visibility=Visibility.FOLLOWERS) == begun(visibility=Visibility.MENTIONED) == ""
    assert begun(content_warning="Spiders") == begun(viewer_filter=object()) == ""
    assert excerpt(line(NotificationKind.FOLLOW, "Ada")) == ""
    long = excerpt(line(NotificationKind.MENTION, "Ada", post=post("word " * 100)))
    assert len(long) <= LONGEST_EXCERPT_CHARACTERS
    assert long.endswith("word…")
    assert path_of(line(NotificationKind.MENTION, "Ada", post=post("x"))) == "/post/post_5"
    assert path_of(line(NotificationKind.FOLLOW, "Ada", "Bob")) == "/notifications"

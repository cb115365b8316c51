"""Mail: letters are put into words, sent until they are taken or given up, and then forgotten."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from html import escape

from models import letter
from models.checkpoint import checkpoint
from models.letter import Letter, LetterKind, Words
from models.outbox import Fate, Outcome
from models.preference import InterfaceLanguage
from outside.mailer import Mail, Mailer, Unsent
from work.courier import Courier

MOST_AT_ONCE = 4
GREETING = {
    InterfaceLanguage.EN: "You get this because you have an account at {place}.",
    InterfaceLanguage.FR: "Vous recevez ce message parce que vous avez un compte sur {place}.",
}
COLON = {InterfaceLanguage.EN: ":", InterfaceLanguage.FR: "\u00a0:"}
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family: sans-serif; line-height: 1.5; max-width: 36rem; margin: auto; padding: 1rem">
{body}
<hr><p style="color: #666; font-size: 0.9em">{foot}</p>
</body></html>
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """What a letter says now; with `unsubscribe` it is one that can be ended by a click."""

    words: Words
    unsubscribe: str | None = None
    foot: str | None = None


Compose = Callable[[Letter], Awaitable[Said | None]]
"""Finds the words of a letter when it is sent; None when there is nothing to say any more."""


async def words_of(given: Letter) -> Said | None:
    """The words that stand in a letter."""
    facts = given.facts
    link, label = facts.get("link"), facts.get("label")
    paragraphs = facts.get("paragraphs")
    return Said(
        Words(
            str(facts["subject"]),
            [str(one) for one in paragraphs] if isinstance(paragraphs, list) else [],
            None if link is None else str(link),
            None if label is None else str(label),
        )
    )


COMPOSERS: Mapping[LetterKind, Compose] = {LetterKind.WORDS: words_of}


def mail_of(given: Letter, said: Said, place: str) -> Mail:
    """The letter as it goes out, in plain text and in HTML; `place` is our own address."""
    words = said.words
    foot = said.foot or GREETING[given.language].format(place=place)
    text = [*words.paragraphs]
    body = [f"<p>{escape(one)}</p>" for one in words.paragraphs]
    if words.link is not None:
        label = words.label or words.link
        text.append(f"{label}{COLON[given.language]}\n{words.link}" if words.label else words.link)
        body.append(f'<p><a href="{escape(words.link, quote=True)}">{escape(label)}</a></p>')
    language = given.language.value.lower()
    return Mail(
        f"letter.{given.hold.id}",
        given.address or "",
        words.subject,
        "\n\n".join([*text, f"-- \n{foot}"]) + "\n",
        _PAGE.format(language=language, title=escape(words.subject), body="\n".join(body), foot=escape(foot)),
        given.created_at,
        language,
        said.unsubscribe,
    )


async def send(mailer: Mailer, place: str, composers: Mapping[LetterKind, Compose], given: Letter) -> None:
    """Send a letter once, and note what came of it."""
    said = await composers[given.kind](given) if given.address else None
    if said is None:
        await letter.note(given, Outcome(Fate.DROPPED))
        return
    outcome = Outcome(Fate.SENT)
    try:
        await mailer.send(mail_of(given, said, place))
    except Unsent as reason:
        log.warning("letter %d (%s), try %d: %s", given.hold.id, given.kind.value, given.hold.tries, reason)
        outcome = Outcome(Fate.FAILED if reason.hopeless else Fate.AGAIN, str(reason))
    checkpoint("mail.sent")
    await letter.note(given, outcome)


def courier(mailer: Mailer, place: str, composers: Mapping[LetterKind, Compose] = COMPOSERS) -> Courier[Letter]:
    """Who sends letters by this mailer."""

    async def one(given: Letter) -> None:
        await send(mailer, place, composers, given)

    return Courier("letters", functools.partial(letter.claim, kinds=tuple(composers)), one, MOST_AT_ONCE)

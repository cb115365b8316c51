"""What a server's "no" means: answers of any that speak OpenAI's Images API, as an `EngineError`.

Three shapes of body are understood: `{"error": {"message", "type", "code"}}`, `{"error": "text"}` and `{"detail": …}`. Another
attempt is allowed only where the first provably cost nothing: the request never arrived, or was turned away before work began.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from generation.engine import EngineError

MODERATION_CODES = frozenset({"moderation_blocked", "content_policy_violation", "image_content_policy_violation"})
EMPTY_PURSE_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
TURNED_AWAY = frozenset({409, 425, 429, 500, 503, 529})
"""Statuses by which a server says itself that it did not do the work; of others above 500 a proxy may be the author."""
REJECTED = frozenset({400, 401, 402, 403, 404, 405, 413, 415, 422})
LONGEST_WAIT_SECONDS = 600.0
LONGEST_WORDS = 300
STAGES = {"input": "The engine does not make this", "output": "The engine withheld what it had made"}
_VIOLATIONS = re.compile(r"safety_violations=\[([^\]]*)\]")
_WORD = re.compile(r"[a-z0-9][a-z0-9_/ -]{0,39}")
_PLACE = re.compile(
    r"\w+://[^\s'\"]+|(?<![\w.])/(?:[\w.~-]+/)+[\w.~-]*|\b[A-Za-z]:\\[^\s'\"]+|\blocalhost(?::\d+)?"
    r"|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?|\b(?:[\w-]+\.)+(?:internal|local|lan|svc)\b(?::\d+)?"
)
"""Where things lie behind the engine: addresses, hosts, files. They are nobody's business who asks for a picture."""
SHORTEST_ECHO_CHARACTERS = 16
_KEY = re.compile(r"\b(?:sk|org|proj|req|key|hf)[-_][\w-]{6,}")


@dataclass(frozen=True, slots=True)
class Said:
    """What an error body says: the server's words, its code, and what was found objectionable where."""

    words: str = ""
    code: str = ""
    stage: str | None = None
    categories: tuple[str, ...] = ()


def said_in(body: object) -> Said:
    """What stands in the body of an error, whichever of the three shapes it has; of anything else, nothing."""
    if not isinstance(body, Mapping):
        return Said(tidy(body) if isinstance(body, str) else "")
    error = body.get("error", body.get("detail", body))
    if isinstance(error, list):  # FastAPI tells of fields: [{"loc", "msg", "type"}]
        return Said(tidy("; ".join(str(each.get("msg", "")) for each in error if isinstance(each, Mapping))))
    if not isinstance(error, Mapping):
        return Said(tidy(str(error)))
    words = str(error.get("message") or "")
    details = error.get("moderation_details")
    stage, categories = (
        (details.get("moderation_stage"), details.get("categories")) if isinstance(details, Mapping) else (None, None)
    )
    if not isinstance(categories, list):
        told = _VIOLATIONS.search(words)
        categories = told.group(1).split(",") if told else []
    kept = [str(each).strip().lower() for each in categories]
    return Said(
        tidy(words),
        str(error.get("code") or error.get("type") or ""),
        stage if stage in STAGES else None,
        tuple(each for each in kept if _WORD.fullmatch(each))[:10],
    )


def refusal(status: int, body: object, headers: Mapping[str, str]) -> EngineError:
    """The error that an answer of this status (above 299) stands for."""
    said = said_in(body)
    if said.code in MODERATION_CODES:
        return blocked(said)
    if said.code in EMPTY_PURSE_CODES:
        return EngineError("engine_unpaid", "The engine takes no more work: its account is used up.")
    if status in (401, 403):
        return EngineError("engine_locked", "The engine did not accept this server's key.")
    if status in TURNED_AWAY and headers.get("x-should-retry") != "false":
        wait = wait_in(headers)
        if status == 429:
            return EngineError(
                "engine_busy", "The engine has too much to do just now.", retryable=True, retry_after=wait
            )
        return EngineError("engine_failed", "The engine failed.", retryable=True, retry_after=wait)
    if 300 <= status < 400:
        return EngineError("engine_refused", "The engine sent the request elsewhere, where it is not followed.")
    if status in REJECTED:
        because = f": {said.words.rstrip('.')}" if said.words else ""
        return EngineError("engine_refused", f"The engine did not take the request{because}.")
    return lost()


def blocked(said: Said) -> EngineError:
    """The error of what a server's own moderation stopped."""
    what = STAGES.get(said.stage or "", STAGES["input"])
    because = f" ({', '.join(said.categories)})" if said.categories else ""
    return EngineError("moderation_blocked", f"{what}{because}.", stage=said.stage, categories=said.categories)


def failed_midway(said: Said) -> EngineError:
    """The error of a failure that a server tells after it had begun."""
    if said.code in MODERATION_CODES:
        return blocked(Said(said.words, said.code, said.stage or "output", said.categories))
    return EngineError("engine_failed", "The engine failed in the middle of the work.")


def lost() -> EngineError:
    """The error of a request that may have been worked on, and whose answer did not come."""
    return EngineError(
        "answer_lost", "The engine's answer was lost. It is not asked again, since the work may have been paid for."
    )


def unreachable() -> EngineError:
    """The error of a request that never arrived."""
    return EngineError("engine_unreachable", "The engine could not be reached.", retryable=True)


def bad_answer(why: str) -> EngineError:
    """The error of an answer that is none."""
    return EngineError("bad_answer", f"The engine's answer could not be read: {why}.")


def wait_in(headers: Mapping[str, str]) -> float | None:
    """The seconds that `retry-after-ms` or `retry-after` (seconds or a date) asks for; at most `LONGEST_WAIT_SECONDS`."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        told = headers.get(name)
        if told is None:
            continue
        try:
            wait = float(told) * unit
        except ValueError:
            try:
                moment = parsedate_to_datetime(told)
            except ValueError:
                continue
            wait = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
        if wait >= 0:  # NaN is not
            return min(wait, LONGEST_WAIT_SECONDS)
    return None


def told_to_operators(body: object, *private: str | None) -> str:
    """A server's words as they may stand in a log: as they may be shown, and not when they repeat what is private."""
    said = said_in(body)
    words = f"{said.code} {said.words}".strip()
    folded = words.lower()
    for text in private:
        flat = " ".join((text or "").lower().split())
        length = min(SHORTEST_ECHO_CHARACTERS, len(flat))
        if length and any(flat[at : at + length] in folded for at in range(len(flat) - length + 1)):
            return "(it repeats what it was asked for)"
    return words


def tidy(words: str) -> str:
    """A server's words as they may be shown: one line, bounded, without anything that looks like a key, an account or a
    place behind the engine."""
    bounded = " ".join(words[: 4 * LONGEST_WORDS].split())
    return _PLACE.sub("…", _KEY.sub("…", bounded))[:LONGEST_WORDS]

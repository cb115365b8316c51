"""What may be made and shown, by what is asked for and by what is seen: the one place that weighs it. Settings say how.

Words are read here and now (milliseconds); pictures are looked at by the eye (`safety/eye.py`). What a check cannot tell, because
it failed or took too long, is a concern of its own, so that nothing passes because a check is broken unless settings say so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from safety.eye import Eye, EyeFault, Sight
from safety.rule import Action, BadRules, Found, Rules, rules_of
from settings import Settings

UNCHECKED = "unchecked"
SEXUAL = "sexual"
OURS = frozenset({"atelier"})  # engines that write no letters into pictures
log = logging.getLogger(__name__)


class Stage(Enum):
    """Which check has found something."""

    PROMPT = "prompt"
    PICTURE = "picture"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a picture is not shown (`BLOCK`), or not yet (`REVIEW`); `category` is for programs, `message` for people."""

    stage: Stage
    category: str
    action: Action
    message: str


REFUSED = "A check found that this picture may not be shown here."
LOOKED_AT = "A person looks at this picture before it is shown."


def rules(told: Settings) -> Rules | None:
    """The rules for words; None where they are switched off. Raises BadRules."""
    return rules_of(told.check_rules_file) if told.check_prompts else None


def found_in(texts: Iterable[str | None], told: Settings) -> Found | None:
    """What the texts together ask for that they may not, or not without a look."""
    known = rules(told)
    return None if known is None else known.read("\n".join(text for text in texts if text))


class Checks:
    """The checks of one process."""

    def __init__(self, told: Settings) -> None:
        """Stops the process with a sentence where a setting is none, or the rules cannot be read."""
        for name, value, known in (
            ("CHECK_TEXT", told.check_text, ("none", "outside", "all")),
            ("CHECK_DOUBT", told.check_doubt, ("review", "allow")),
            ("CHECK_FAULT", told.check_fault, ("review", "allow", "block")),
        ):
            if value not in known:
                raise SystemExit(f"{name} is one of {', '.join(known)}, and not {value!r}.")
        try:
            rules(told)
        except BadRules as error:
            raise SystemExit(f"CHECK_RULES_FILE: {error}") from error
        self._told = told
        self._eye = Eye(told.check_seconds)

    @property
    def looks(self) -> bool:
        """Whether pictures that are made are looked at, for anything."""
        return self._told.check_pictures or self._told.check_bans or self._told.check_text != "none"

    @property
    def looks_at_previews(self) -> bool:
        """Whether partial pictures are."""
        return self.looks and self._told.check_previews

    async def start(self) -> None:
        """Load what looks at pictures before it is needed. Without it the first picture waits for that."""
        if self.looks:
            try:
                await self._eye.start()
            except EyeFault as error:  # which each picture will come to as well
                log.error("pictures cannot be looked at: %s", error)

    async def close(self) -> None:
        """Let it go."""
        await self._eye.close()

    async def sight(self, picture: bytes, engine: str | None) -> Sight | None:
        """What is seen in a picture that `engine` made (None: somebody uploaded it); None when that cannot be told, in time."""
        told = self._told
        text = told.check_text == "all" or (told.check_text == "outside" and engine not in OURS)
        sexual = told.check_uploads if engine is None else told.check_pictures
        return await self._seen(picture, sexual, text and engine is not None)

    async def glimpse(self, partial: bytes) -> Sight | None:
        """What is seen in a partial picture: never text, which is not there yet."""
        return await self._seen(partial, self._told.check_pictures, text=False)

    async def _seen(self, picture: bytes, sexual: bool, text: bool) -> Sight | None:
        try:
            return await self._eye.look(picture, sexual=sexual, text=text)
        except EyeFault as error:
            log.error("a picture was not checked: %s", error)
            return None

    def concern(self, sight: Sight | None) -> Concern | None:
        """Why a picture that was made is not shown, by what is seen in it."""
        told = self._told
        if sight is None:
            return _at_fault(told.check_fault)
        percent = 100 * (sight.sexual or 0.0)
        if told.check_pictures and percent >= told.check_block_percent > 0:
            return Concern(Stage.PICTURE, SEXUAL, Action.BLOCK, REFUSED)
        found = found_in(sight.texts, told)
        if found is not None:
            return Concern(Stage.PICTURE, found.category, found.action, found.message)
        if told.check_pictures and percent >= told.check_review_percent > 0 and told.check_doubt == "review":
            return Concern(Stage.PICTURE, SEXUAL, Action.REVIEW, LOOKED_AT)
        return None

    def is_sensitive(self, sight: Sight | None) -> bool:
        """Whether an upload is marked: by what is seen in it, and where that cannot be told."""
        if sight is None:
            return True
        return 100 * (sight.sexual or 0.0) >= self._told.check_upload_percent > 0

    @property
    def looks_at_uploads(self) -> bool:
        """Whether uploads are looked at."""
        return self._told.check_uploads

    @property
    def knows_bans(self) -> bool:
        """Whether pictures are compared with those that are banned."""
        return self._told.check_bans


def _at_fault(told: str) -> Concern | None:
    if told == "allow":
        return None
    action = Action.REVIEW if told == "review" else Action.BLOCK
    return Concern(Stage.PICTURE, UNCHECKED, action, LOOKED_AT if told == "review" else REFUSED)

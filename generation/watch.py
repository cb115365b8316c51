"""What a worker looks for in what engines make, before anybody sees it: banned pictures, what the classifier and the rules say.

The outcome for a picture is a `Concern` or None. Looking happens in a child (`safety/eye.py`); the ban list is asked of the
database. A partial picture is shown only when nothing at all is of concern, and not when it could not be looked at.
"""

from __future__ import annotations

from models.ban import Ban, banned
from models.job import Failure
from models.lease import DATABASE_FAULTS
from models.review import HELD, REFUSED
from provenance.likeness import looked_at
from safety.check import Checks, Concern, Stage, found_in
from safety.eye import Sight
from safety.rule import Action
from settings import Settings
from storage.intake import Taken

BANNED = "This picture may not be here."


class Watch:
    """The checks of one worker. `start` and `close` once."""

    def __init__(self, told: Settings) -> None:
        self._told = told
        self._checks = Checks(told)

    async def start(self) -> None:
        """Load what looks at pictures."""
        await self._checks.start()

    async def close(self) -> None:
        """Let it go."""
        await self._checks.close()

    def words(self, prompt: str) -> Concern | None:
        """What the prompt itself gives rise to: rules may be newer than the job, and some make a person look at the pictures."""
        found = found_in([prompt], self._told)
        return None if found is None else Concern(Stage.PROMPT, found.category, found.action, found.message)

    async def picture(self, taken: Taken, engine: str, words: Concern | None) -> Concern | None:
        """Why a picture is blocked or held, `words` being what its prompt gave rise to. Raises `DATABASE_FAULTS`."""
        if not self._checks.looks:
            return words
        sight = await self._checks.sight(taken.derivatives["medium"], engine)
        if (ban := await self._ban(sight)) is not None:
            return Concern(Stage.PICTURE, ban.category, Action.BLOCK, BANNED)
        seen = self._checks.concern(sight)
        if seen is None or (words is not None and seen.action is Action.REVIEW):
            return words
        return seen

    async def shows(self, partial: bytes) -> bool:
        """Whether a partial picture may be shown."""
        if not self._checks.looks_at_previews:
            return True
        sight = await self._checks.glimpse(partial)
        if sight is None or self._checks.concern(sight) is not None:
            return False
        try:
            return await self._ban(sight) is None
        except DATABASE_FAULTS:
            return False

    async def _ban(self, sight: Sight | None) -> Ban | None:
        if sight is None or not self._checks.knows_bans:
            return None
        return await banned((await looked_at(sight.luma, sight.width, sight.height)).sought_any_way)


def failure_of(concern: Concern) -> Failure:
    """What the job's owner is told."""
    code = REFUSED if concern.action is Action.BLOCK else HELD
    return Failure(code, concern.message, concern.stage.value, (concern.category,))

"""The words of a digest: what somebody has not read, in sentences, with a way to get none any more."""

from __future__ import annotations

from discovery.notification_line import rows_of
from models import digest
from models.letter import Letter, Words
from models.preference import InterfaceLanguage
from work.mail import COLON, Compose, Said
from work.sentence import excerpt, sentence

STOP_PATH = "/mail/stop/"
SUBJECT = {
    InterfaceLanguage.EN: lambda n: (
        "Something you have not read yet" if n == 1 else f"{n} things you have not read yet"
    ),
    InterfaceLanguage.FR: lambda n: (
        "Une chose que vous n’avez pas lue" if n == 1 else f"{n} choses que vous n’avez pas lues"
    ),
}
MORE = {
    InterfaceLanguage.EN: lambda n: f"And {n} more.",
    InterfaceLanguage.FR: lambda n: f"Et {n} de plus.",
}
READ = {InterfaceLanguage.EN: "Read them", InterfaceLanguage.FR: "Les lire"}
FOOT = {
    InterfaceLanguage.EN: "You asked {place} for this mail. To get none any more: {stop}",
    InterfaceLanguage.FR: "Vous avez demandé ce message à {place}. Pour ne plus en recevoir\u00a0: {stop}",
}


def composer(place: str, secret_key: str) -> Compose:
    """Who writes digests; `place` is our own address."""

    async def compose(given: Letter) -> Said | None:
        after, until = given.facts.get("after"), given.facts.get("until")
        if not isinstance(after, int) or not isinstance(until, int):
            return None
        found = await digest.found(given.user_id, after, until)
        if found is None:
            return None
        paragraphs = []
        for row in await rows_of(given.user_id, found.lines):
            said, begun = sentence(row, given.language), excerpt(row)
            paragraphs.append(f"{said}{COLON[given.language]} {begun}" if begun else f"{said}.")
        if found.more:
            paragraphs.append(MORE[given.language](found.more))
        stop = f"{place}{STOP_PATH}{digest.ticket_of(given.user_id, secret_key)}"
        words = Words(
            SUBJECT[given.language](len(found.lines) + found.more),
            paragraphs,
            f"{place}/notifications",
            READ[given.language],
        )
        return Said(words, stop, FOOT[given.language].format(place=place, stop=stop))

    return compose

"""What is said in a wish, read by the rules for words before anything is set aside or put into the queue."""

from __future__ import annotations

from errors import ContentBlocked
from models.database import fetch
from models.wish import LONGEST_PROMPT_BYTES, Wish
from safety.check import found_in
from safety.rule import Action
from settings import settings


async def check(owner_id: int, wish: Wish) -> None:
    """Raises ContentBlocked, with the path of the input, for words that are refused here: the prompt, or the names of pictures.

    What is to be left out of a picture is not read: who asks for no nudity says so there. A prompt too long to be taken is
    refused by its length.
    """
    told = settings()
    if not told.check_prompts:
        return
    prompt = wish.prompt[:LONGEST_PROMPT_BYTES]
    refuse([prompt], "prompt")
    given = [number for _, _, number in wish.inputs]
    if not given:
        return
    rows = await fetch(
        """SELECT i.alt_text, (SELECT string_agg(u.filename, ' ') FROM uploads u WHERE u.image_id = i.id) AS name
        FROM images i WHERE i.id = ANY($1::bigint[]) AND i.owner_id = $2""",
        given,
        owner_id,
    )
    names = [name for row in rows for name in (row["alt_text"], (row["name"] or "").rpartition(".")[0] or row["name"])]
    # Read with the prompt: "undressed" says nothing alone, and neither does the name of a child.
    refuse([prompt, *names], "referenceIds" if wish.references else "imageId")


def refuse(texts: list[str | None], path: str) -> None:
    """Raises ContentBlocked with this path when the texts together are refused here."""
    found = found_in(texts, settings())
    if found is not None and found.action is Action.BLOCK:
        raise ContentBlocked(f"{found.message} ({found.category})", [path])

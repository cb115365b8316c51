"""People: who they are to others (`User`) and what only they and the door know (`Credential`)."""

from __future__ import annotations

import regex
from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from errors import BadInput, Conflict
from models import counter, credit_move, facet
from models.database import fetch
from models.event import Kind, record
from models.transaction import transaction
from safety.spelling import words

LONGEST_DISPLAY_NAME = 50
LONGEST_BIO = 300
LONGEST_LOCATION = 100
LONGEST_WEBSITE = 200
LONGEST_PRONOUNS = 40
LONGEST_EMAIL = 254
LONGEST_PREFIX = 40  # of a handle that is being written, with @ and spaces around it
MOST_SUGGESTIONS = 8
TAKEN = "This handle is taken. Choose another."
KNOWN = "There is an account with this e-mail address. Sign in to it."
HANDLE = regex.compile(r"[a-z0-9_]{1,30}")
EMAIL = regex.compile(r"[^@\s\p{C}]{1,64}@[^@\s\p{C}.]+(?:\.[^@\s\p{C}.]+)+")
# No `@` before the path: what stands before it looks like the host and is none.
WEBSITE = regex.compile(r"https?://[^\s\p{C}<>\"/?#@\\]{3,}(?:[/?#][^\s\p{C}<>\"]*)?", regex.IGNORECASE)
_TURNS = regex.compile("[\u061c\u202a-\u202e\u2066-\u2069\u200e\u200f]")  # they would turn what stands around a name
_SHOWN = regex.compile(r"[^\s\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800]")  # the last one is a blank of braille
_RESERVED = (
    "about account accounts admin administrator all api app artist atelier auth bookmarks bot compose contact developers"
    " docs everyone explore fresque graphql help here home house img info jobs legal lists login logout mail me media"
    " messages mod moderator moderators news nobody notifications null official owner post postmaster posts privacy"
    " readyz root search security service settings signin signup staff status studio support system team terms tos"
    " undefined user users verified verify webmaster www"
    # pages of the web client, and paths of the server
    " board boards confirm drafts feed feeds forgot graphiql graphql_ws hashtag healthz invitation invitations invite lineage list lists"
    " message metrics notification password picture pictures post reset schema settings similar suggestions tag tags verify_email"
    " webhook webhooks"
    # who speaks for a place, and what machines take for something else
    " abuse administration anonymous billing ceo contact_us copyright deleted dmca donotreply email everybody false guest hostmaster"
    " labeler legal_team moderation nan no_reply none nil noreply oauth operator ops passkeys postmaster press robot robots safety sales"
    " self server ssladmin ssl_admin staff superuser suspended sysadmin system test_account true trust trust_and_safety unknown void webmail"
    " well_known you"
)
RESERVED_HANDLES = frozenset(_RESERVED.split())
# Nobody goes by these even as a part of a name, however it is spelled: whoever does is taken for somebody who runs this place.
_AUTHORITY = frozenset(["admin", "administrator", "fresque", "moderator", "staff", "sysadmin", "webmaster"])
SHORTEST_FOLDED = 4  # shorter words are too easily met by chance


# `~>=~` and `~<~` compare byte by byte, as the index does: every handle of a prefix lies between it and its successor.
_BEGINS = """u.handle ~>=~ $2 AND u.handle ~<~ $3 AND NOT u.gone
    AND NOT EXISTS (SELECT 1 FROM blocks e WHERE e.blocker_id = $1 AND e.blocked_id = u.id)"""
_SUGGESTIONS = f"""WITH followed AS MATERIALIZED (
    SELECT u.id, u.handle FROM follows f JOIN users u ON u.id = f.followee_id WHERE f.follower_id = $1 AND {_BEGINS}
    ORDER BY u.handle LIMIT $4
), others AS (
    SELECT u.id, u.handle FROM users u WHERE {_BEGINS} AND u.id NOT IN (SELECT id FROM followed)
    AND (u.limited_at IS NULL OR u.handle = $2 OR u.id = $1)
    ORDER BY u.handle USING ~<~ LIMIT $4
) SELECT id FROM (SELECT id, handle, 0 AS part FROM followed UNION ALL SELECT id, handle, 1 FROM others) AS found
ORDER BY part, handle LIMIT $4"""


class User(Model):
    """A person as others see them. `handle` is lower case and unique."""

    id = fields.BigIntField(primary_key=True, generated=True)
    handle = fields.CharField(max_length=30, unique=True)
    display_name = fields.TextField(default="")
    bio = fields.TextField(default="")
    location = fields.TextField(default="")
    website = fields.TextField(default="")
    pronouns = fields.TextField(default="")
    avatar_id = fields.BigIntField(null=True)
    banner_id = fields.BigIntField(null=True)
    pinned_post_id = fields.BigIntField(null=True)
    joined_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "users"


class Credential(Model):
    """How a person proves who they are. Kept apart so that no query for people ever carries it."""

    user_id = fields.BigIntField(primary_key=True, generated=False)
    email = fields.CharField(max_length=LONGEST_EMAIL, unique=True, null=True)
    password_hash = fields.TextField()

    class Meta:
        table = "credentials"


def checked_handle(handle: str) -> str:
    """The handle as it is stored. Raises BadInput when it is not 1–30 of [a-z0-9_] or is kept back."""
    wanted = handle.strip().removeprefix("@").lower()
    if not HANDLE.fullmatch(wanted):
        raise BadInput("A handle has 1 to 30 characters out of a–z, 0–9 and _.", ["handle"])
    if _is_reserved(wanted):
        raise BadInput("This handle is reserved. Choose another.", ["handle"])
    return wanted


def _is_reserved(handle: str) -> bool:
    """Whether a handle is kept back, or reads like one that is: `adm1n`, `__support__`, `fresque_team`."""
    if handle in RESERVED_HANDLES:
        return True
    readings = {reading for word in words(handle.replace("_", "")) for reading in word.readings}
    if any(len(one) >= SHORTEST_FOLDED and one in RESERVED_HANDLES for one in readings):
        return True
    parts = {reading for part in handle.split("_") if part for word in words(part) for reading in word.readings}
    return any(part.strip("0123456789") in _AUTHORITY for part in parts)


def checked_email(email: str) -> str:
    """The address as it is stored. Raises BadInput when it cannot be one."""
    wanted = email.strip().lower()
    if len(wanted) > LONGEST_EMAIL or not EMAIL.fullmatch(wanted):
        raise BadInput("This is not an e-mail address, such as name@example.org.", ["email"])
    return wanted


def checked_text(text: str, longest: int, path: str, name: str) -> str:
    """A text of a profile, cleaned. Raises BadInput when it is longer than `longest` graphemes."""
    kept = facet.kept(text, longest, longest * 12)
    if kept is None:
        raise BadInput(f"{name} has at most {longest} characters.", [path])
    return kept


def checked_line(text: str, longest: int, path: str, name: str) -> str:
    """One line of a profile, cleaned; empty when nothing of it would show. Raises BadInput when it is longer than `longest`
    graphemes."""
    line = " ".join(_TURNS.sub("", checked_text(text, longest, path, name)).split())
    return line if _SHOWN.search(line) else ""


def checked_website(address: str) -> str:
    """An http(s) address or nothing. Raises BadInput otherwise."""
    wanted = address.strip()
    if wanted and (len(wanted) > LONGEST_WEBSITE or not WEBSITE.fullmatch(wanted)):
        raise BadInput("A website is an http or https address of at most 200 characters.", ["website"])
    return wanted


async def require_free(handle: str, email: str) -> None:
    """Raises Conflict when the handle or the address is taken, as `sign_up` does, before anything is begun."""
    row = await fetch(
        "SELECT EXISTS (SELECT 1 FROM users WHERE handle = $1) AS handle, EXISTS (SELECT 1 FROM credentials WHERE email = $2) AS email",
        handle,
        email,
    )
    if row[0]["handle"]:
        raise Conflict(TAKEN, ["handle"])
    if row[0]["email"]:
        raise Conflict(KNOWN, ["email"])


async def sign_up(handle: str, email: str, password_hash: str, display_name: str) -> User:
    """A new person. Raises Conflict when the handle or the address is taken. The caller holds the transaction."""
    try:
        async with transaction():
            user = await User.create(handle=handle, display_name=display_name or handle)
    except IntegrityError as error:
        raise Conflict(TAKEN, ["handle"]) from error
    try:
        async with transaction():
            await Credential.create(user_id=user.id, email=email, password_hash=password_hash)
    except IntegrityError as error:
        raise Conflict(KNOWN, ["email"]) from error
    await counter.open_user(user.id)
    await credit_move.open_account(user.id)
    return user


async def renew_password_hash(credential: Credential, password_hash: str) -> None:
    """The same password, hashed at another cost, also in the credential that is given; nothing where it was changed meanwhile.
    Links for a new password that wait end by it."""
    renewed = await fetch(
        "UPDATE credentials SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2 RETURNING user_id",
        credential.user_id,
        credential.password_hash,
        password_hash,
    )
    if renewed:
        credential.password_hash = password_hash


async def set_password(credential: Credential, password_hash: str) -> None:
    """Another password in the place of the one that the credential holds. Raises Conflict when it was changed meanwhile.

    The caller holds the transaction.
    """
    changed = await fetch(
        "UPDATE credentials SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2 RETURNING user_id",
        credential.user_id,
        credential.password_hash,
        password_hash,
    )
    if not changed:
        raise Conflict("The password was changed at the same time. Use the new one.", ["currentPassword"])


async def holds(credential: Credential) -> bool:
    """Whether the password of this credential is the account's now, and until the caller's transaction ends: one that another
    password ends first opens nothing, and one that comes in first is ended by it."""
    return bool(
        await fetch(
            "SELECT 1 FROM credentials WHERE user_id = $1 AND password_hash = $2 FOR SHARE",
            credential.user_id,
            credential.password_hash,
        )
    )


async def update_profile(user_id: int, changes: dict[str, str | int | None]) -> None:
    """Set the given columns (checked already) and tell whoever looks. The caller holds the transaction."""
    if changes:
        await User.filter(id=user_id).update(**changes)
        await record(Kind.USER_CHANGED, [f"user:{user_id}"], actor_id=user_id, user_id=user_id)


async def suggestions(viewer_id: int, prefix: str) -> list[int]:
    """At most `MOST_SUGGESTIONS` people whose handle begins so: first those the viewer follows, then others, each by handle.

    People the viewer blocks are left out; who blocks the viewer is not told.
    """
    if not HANDLE.fullmatch(prefix):
        return []
    rows = await fetch(_SUGGESTIONS, viewer_id, prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1), MOST_SUGGESTIONS)
    return [row["id"] for row in rows]


async def credential_of(login: str) -> Credential | None:
    """The credential for a handle or an e-mail address, in any case, if there is one."""
    wanted = login.strip().lower()
    if EMAIL.fullmatch(wanted):
        return await Credential.get_or_none(email=wanted)
    handle = wanted.removeprefix("@")
    if not HANDLE.fullmatch(handle):
        return None
    user = await User.get_or_none(handle=handle)
    return await Credential.get_or_none(user_id=user.id) if user else None

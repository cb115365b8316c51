"""Who may spend how many points: a person by account, else a token, else the network that asks."""

from __future__ import annotations

import math
from collections.abc import Hashable

from errors import RateLimited
from safety.address import neighbourhood_of, network_of
from safety.limit import Allowance, Limit, Standing
from settings import Settings

HOUR_SECONDS = 3_600
SIGN_IN_SECONDS = 900
VERIFICATION_SECONDS = 900
PASSWORD_SECONDS = 4 * 3_600
SIGN_UP_SECONDS = 24 * 3_600
LETTER_SECONDS = 3_600
NEIGHBOURS = 5  # as many accounts as that many networks of a neighbourhood may open, all of it may


class Points:
    """The budgets of a deployment. A setting of 0 switches its limit off."""

    def __init__(self, told: Settings, limit: Limit) -> None:
        self.limit = limit
        self._required = told.rate_limit_required
        self._signed_in = _hourly(told.rate_limit_points_signed_in, told.rate_limit_burst_signed_in)
        self._signed_out = _hourly(told.rate_limit_points_signed_out, told.rate_limit_burst_signed_out)
        tries = told.rate_limit_sign_ins
        self._sign_ins = Allowance(tries, SIGN_IN_SECONDS, tries) if tries > 0 else None
        guesses = told.rate_limit_passwords
        self._guesses = Allowance(guesses, PASSWORD_SECONDS, guesses) if guesses > 0 else None
        accounts, wide = told.rate_limit_sign_ups, told.rate_limit_sign_ups * NEIGHBOURS
        self._sign_ups = Allowance(accounts, SIGN_UP_SECONDS, accounts) if accounts > 0 else None
        self._sign_ups_around = Allowance(wide, SIGN_UP_SECONDS, wide) if accounts > 0 else None
        letters = told.rate_limit_letters
        self._letters = Allowance(letters, LETTER_SECONDS, letters) if letters > 0 else None
        checks = told.rate_limit_verifications
        registrations = told.app_registrations
        self._registrations = Allowance(registrations, HOUR_SECONDS, registrations) if registrations > 0 else None
        self._checks = Allowance(checks, VERIFICATION_SECONDS, checks) if checks > 0 else None

    async def charge(
        self, user_id: Hashable | None, token_id: Hashable | None, host: str, points: int
    ) -> Standing | None:
        """Take points from the budget of who asks. None when it is not limited, or when Redis is away and that is no
        reason to refuse; raises RateLimited when it is."""
        if user_id is not None:
            key, allowance = f"user:{user_id}", self._signed_in
        elif token_id is not None:
            key, allowance = f"token:{token_id}", self._signed_in
        else:
            key, allowance = f"network:{network_of(host)}", self._signed_out
        if allowance is None:
            return None
        standing = await self.limit.take(key, points, allowance)
        if standing is None and self._required:
            raise RateLimited("Points cannot be counted right now. Try again in a few seconds.")
        return standing

    async def try_sign_in(self, host: str) -> None:
        """Count one try to sign in or up from this network, right or wrong. Raises RateLimited when there were too many.

        While Redis is away, each process counts by itself.
        """
        await self._count(
            f"sign-in:{network_of(host)}",
            self._sign_ins,
            "Too many tries to sign in or up from here. Try again in {} s.",
        )

    async def try_password(self, whose: Hashable) -> None:
        """Count one try at a password, before it is looked at: `whose` names the door, not who is right. Raises RateLimited when
        there were too many wrong ones, wherever they came from.

        While Redis is away, each process counts by itself.
        """
        await self._count(
            f"password:{whose}",
            self._guesses,
            "Too many wrong passwords were tried for this name. Try again in {} s, or from a browser that it was used in.",
        )

    async def password_fits(self, whose: Hashable) -> None:
        """The password was right: the tries before it do not count any more."""
        if self._guesses is not None:
            await self.limit.forget(f"password:{whose}")

    async def register_app(self, host: str) -> None:
        """Count one app that registers itself from this network. Raises RateLimited when there were too many.

        While Redis is away, each process counts by itself.
        """
        await self._count(
            f"registration:{network_of(host)}",
            self._registrations,
            "Too many apps registered from here. Try again in {} s.",
        )

    async def try_factor(self, whose: Hashable) -> None:
        """Count one try at a second factor, before it is looked at. Raises RateLimited when there were too many wrong ones.

        As with passwords, a browser that knows the person is a door of its own; while Redis is away, each process counts by itself.
        """
        await self._count(
            f"factor:{whose}",
            self._guesses,
            "Too many wrong codes were tried for this account. Try again in {} s, or from a browser that it was used in.",
        )

    async def factor_fits(self, whose: Hashable) -> None:
        """The second factor was right: the tries before it do not count any more."""
        if self._guesses is not None:
            await self.limit.forget(f"factor:{whose}")

    async def sign_up(self, host: str) -> None:
        """Count one account that is opened from this network, and from what lies around it. Raises RateLimited when there were
        too many.

        While Redis is away, each process counts by itself.
        """
        sentence = "Too many accounts were opened from here. Try again in {} s."
        await self._count(f"sign-up:{network_of(host)}", self._sign_ups, sentence)
        await self._count(f"sign-up-around:{neighbourhood_of(host)}", self._sign_ups_around, sentence)

    async def ask_letter(self, host: str) -> None:
        """Count one letter that is asked for from this network, whoever it goes to. Raises RateLimited when there were too many.

        While Redis is away, each process counts by itself.
        """
        await self._count(
            f"letter:{network_of(host)}", self._letters, "Too many letters were asked for from here. Try again in {} s."
        )

    async def hand_in(self, host: str) -> None:
        """Count one picture handed in from this network to be checked. Raises RateLimited when there were too many.

        While Redis is away, each process counts by itself.
        """
        await self._count(
            f"verification:{network_of(host)}",
            self._checks,
            "Too many pictures were checked from here. Try again in {} s.",
        )

    async def _count(self, key: str, allowance: Allowance | None, sentence: str) -> None:
        """Take one of an allowance, where there is one. Raises RateLimited with the sentence, whose `{}` are the seconds to wait."""
        if allowance is None:
            return
        standing = await self.limit.take_anyhow(key, 1, allowance)
        if not standing.allowed:
            seconds = max(1, math.ceil(standing.retry_after))
            raise RateLimited(sentence.format(seconds), retry_after=seconds)


def _hourly(points: int, burst: int) -> Allowance | None:
    return Allowance(points, HOUR_SECONDS, burst if burst > 0 else points) if points > 0 else None

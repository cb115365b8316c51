"""Holding something against automod rules: pure, and in time that grows with what is read, not with how many rules there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.automod_definition import AutomodTarget, Definition
from models.automod_fact import Facts
from safety.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matches, by its number, and which of its phrases it found."""

    rule_id: int
    phrases: Sequence[str]


class Matcher:
    """Rules by their numbers, made ready."""

    def __init__(self, rules: Mapping[int, Definition]) -> None:
        self._rules: dict[AutomodTarget, dict[int, Definition]] = {target: {} for target in AutomodTarget}
        self._phrases: list[tuple[int, str]] = []
        self._lexicons: dict[AutomodTarget, Lexicon] = {}
        for number, rule in rules.items():
            self._rules[rule.target][number] = rule
        for target, those in self._rules.items():
            first = len(self._phrases)
            self._phrases += [(number, phrase) for number, rule in those.items() for phrase in rule.phrases]
            self._lexicons[target] = Lexicon(
                (at, phrase) for at, (_, phrase) in enumerate(self._phrases[first:], first)
            )

    def looks_at(self, target: AutomodTarget) -> Sequence[int]:
        """The rules that look at such things."""
        return list(self._rules[target])

    def matches(self, facts: Facts) -> list[Match]:
        """The rules that match, in the order of their numbers."""
        rules = self._rules[facts.target]
        if not rules:
            return []
        places: set[int] = set()
        for text in facts.texts:
            places |= self._lexicons[facts.target].found(text)
        found: dict[int, list[str]] = {}
        for place in sorted(places):
            number, phrase = self._phrases[place]
            found.setdefault(number, []).append(phrase)
        return [
            Match(number, found.get(number, ()))
            for number, rule in sorted(rules.items())
            if (not rule.phrases or number in found) and _holds(rule, facts) and not _spares(rule, facts)
        ]


def _holds(rule: Definition, facts: Facts) -> bool:
    """Whether all of a rule's conditions but its phrases hold."""
    least = (
        (rule.min_links, facts.links),
        (rule.min_mentions, facts.mentions),
        (rule.min_hashtags, len(facts.hashtags)),
    )
    return (
        all(wanted is None or there >= wanted for wanted, there in least)
        and (not rule.hashtags or not facts.hashtags.isdisjoint(rule.hashtags))
        and (rule.younger_than_days is None or facts.account_days < rule.younger_than_days)
        and (facts.is_sensitive or not rule.sensitive_pictures)
    )


def _spares(rule: Definition, facts: Facts) -> bool:
    return (
        (rule.spares_team and facts.on_team)
        or (rule.spares_older_than_days is not None and facts.account_days >= rule.spares_older_than_days)
        or (rule.spares_answers_to_followers and facts.answers_follower)
    )

"""A line of the notifications in a sentence, where no screen says it: in a push, in a digest. The web client says the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from discovery.notification_line import NotificationRow
from models.consent import RemixRequestState
from models.job import JobState
from models.notification_kind import NotificationKind
from models.preference import InterfaceLanguage
from models.report import ReportState
from models.visibility import Visibility

LONGEST_NAME_CHARACTERS = 50
LONGEST_EXCERPT_CHARACTERS = 160
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")  # not what joins emoji
Say = Callable[[str, bool], str]
"""A sentence of who did it, and whether they are several."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language."""

    did: Mapping[NotificationKind, Say]
    others: Callable[[str, int], str]
    both: Callable[[str, str], str]
    their_poll: Callable[[str], str]
    own_poll: str
    generations: Callable[[int], str]
    generation_done: str
    generation_over: str
    remix_granted: Callable[[str], str]
    remix_refused: Callable[[str], str]
    decided: str
    acted: str
    saved: Callable[[str, int], str]
    reports: Callable[[int], str]
    report_acted: str
    report_dismissed: str
    other: str


ENGLISH = Tongue(
    did={
        NotificationKind.FOLLOW: lambda who, many: f"{who} {'follow' if many else 'follows'} you",
        NotificationKind.FOLLOW_REQUEST: lambda who, many: f"{who} asks to follow you",
        NotificationKind.FOLLOW_ACCEPTED: lambda who, many: f"{who} accepted your follow request",
        NotificationKind.MENTION: lambda who, many: f"{who} mentioned you",
        NotificationKind.REPLY: lambda who, many: f"{who} replied to you",
        NotificationKind.QUOTE: lambda who, many: f"{who} quoted your post",
        NotificationKind.REPOST: lambda who, many: f"{who} reposted your post",
        NotificationKind.LIKE: lambda who, many: f"{who} liked your post",
        NotificationKind.REMIX: lambda who, many: f"{who} remixed your picture",
        NotificationKind.REMIX_REQUEST: lambda who, many: f"{who} asks to remix your picture",
        NotificationKind.POST: lambda who, many: f"{who} posted",
    },
    others=lambda names, n: f"{names} and {n} {'other' if n == 1 else 'others'}",
    both=lambda first, second: f"{first} and {second}",
    their_poll=lambda who: f"A poll by {who} that you voted in has ended",
    own_poll="Your poll has ended",
    generations=lambda n: f"{n} of your generations have ended",
    generation_done="What you asked for is made",
    generation_over="A generation has ended",
    remix_granted=lambda who: f"{who} lets you remix their picture",
    remix_refused=lambda who: f"{who} declined your request to remix",
    decided="It was decided about a picture of yours that was held",
    acted="Moderators decided something about you",
    saved=lambda name, n: f"{'A post is' if n == 1 else f'{n} posts are'} new in “{name}”",
    reports=lambda n: f"{n} of your reports were decided",
    report_acted="Moderators acted on what you reported",
    report_dismissed="Moderators found that what you reported breaks no rule",
    other="There is something new",
)
FRENCH = Tongue(
    did={
        NotificationKind.FOLLOW: lambda who, many: f"{who} {'vous suivent' if many else 'vous suit'}",
        NotificationKind.FOLLOW_REQUEST: lambda who, many: f"{who} demande à vous suivre",
        NotificationKind.FOLLOW_ACCEPTED: lambda who, many: f"{who} a accepté votre demande",
        NotificationKind.MENTION: lambda who, many: f"{who} vous a mentionné",
        NotificationKind.REPLY: lambda who, many: f"{who} vous a répondu",
        NotificationKind.QUOTE: lambda who, many: f"{who} a cité votre publication",
        NotificationKind.REPOST: lambda who, many: f"{who} {'ont' if many else 'a'} partagé votre publication",
        NotificationKind.LIKE: lambda who, many: f"{who} {'ont' if many else 'a'} aimé votre publication",
        NotificationKind.REMIX: lambda who, many: f"{who} a remixé votre image",
        NotificationKind.REMIX_REQUEST: lambda who, many: f"{who} demande à remixer votre image",
        NotificationKind.POST: lambda who, many: f"{who} a publié",
    },
    others=lambda names, n: f"{names} et {n} {'autre personne' if n == 1 else 'autres personnes'}",
    both=lambda first, second: f"{first} et {second}",
    their_poll=lambda who: f"Un sondage de {who} où vous avez voté est terminé",
    own_poll="Votre sondage est terminé",
    generations=lambda n: f"{n} de vos générations sont terminées",
    generation_done="Ce que vous avez demandé est prêt",
    generation_over="Une génération est terminée",
    remix_granted=lambda who: f"{who} vous laisse remixer son image",
    remix_refused=lambda who: f"{who} a refusé votre demande de remix",
    decided="Une décision a été prise sur une de vos images retenues",
    acted="La modération a pris une décision à votre sujet",
    saved=lambda name, n: f"{'Une nouvelle publication' if n == 1 else f'{n} nouvelles publications'} dans « {name} »",
    reports=lambda n: f"{n} de vos signalements ont été traités",
    report_acted="La modération a pris une mesure après votre signalement",
    report_dismissed="La modération n’a trouvé aucune règle enfreinte dans ce que vous avez signalé",
    other="Il y a du nouveau",
)
TONGUES = {InterfaceLanguage.EN: ENGLISH, InterfaceLanguage.FR: FRENCH}


def _names(tongue: Tongue, names: Sequence[str], count: int) -> str:
    """The names of who did it: one, two, or the latest and how many more."""
    if not names:
        return ""
    if count <= 1 or len(names) == 1:
        return tongue.others(names[0], count - 1) if count > 1 else names[0]
    if count == 2:
        return tongue.both(names[0], names[1])
    return tongue.others(f"{names[0]}, {names[1]}", count - 2)


def sentence(row: NotificationRow, language: InterfaceLanguage) -> str:
    """What happened. A kind that has no words yet is said as news."""
    tongue, many = TONGUES[language], row.count > 1
    who = _names(tongue, [_short(one.display_name or one.handle) for one in row.actors], row.count)
    if row.kind is NotificationKind.POLL_ENDED:
        return tongue.their_poll(who) if who else tongue.own_poll
    if row.kind is NotificationKind.GENERATION_FINISHED:
        if many:
            return tongue.generations(row.count)
        made = row.job is not None and row.job.state is JobState.SUCCEEDED
        return tongue.generation_done if made else tongue.generation_over
    if row.kind is NotificationKind.REMIX_ANSWERED:
        declined = row.remix_request is not None and row.remix_request.state is RemixRequestState.DECLINED
        return tongue.remix_refused(who) if declined else tongue.remix_granted(who)
    if row.kind is NotificationKind.MODERATION:
        return tongue.decided if row.moderation_action is None else tongue.acted
    if row.kind is NotificationKind.SAVED_SEARCH:
        return (
            tongue.saved(_short(row.saved_search.name or row.saved_search.text), row.count)
            if row.saved_search is not None
            else tongue.other
        )
    if row.kind is NotificationKind.REPORT_DECIDED:
        if many:
            return tongue.reports(row.count)
        dismissed = row.report is not None and row.report.state is ReportState.DISMISSED
        return tongue.report_dismissed if dismissed else tongue.report_acted
    say = tongue.did.get(row.kind)
    return say(who, many) if say is not None and who else tongue.other


def _short(name: str) -> str:
    return _cut(name, LONGEST_NAME_CHARACTERS)


def _cut(text: str, most: int) -> str:
    """The beginning of a text in one line, at the end of a word where there is one."""
    line = " ".join(_UNSEEN.sub(" ", text).split())
    if len(line) <= most:
        return line
    return f"{line[: most - 1].rsplit(' ', 1)[0] if ' ' in line[: most - 1] else line[: most - 1]}…"


def excerpt(row: NotificationRow) -> str:
    """How the post of a line begins; nothing of what is not for everybody, or is covered: it may be shown on a locked screen."""
    post = row.post
    if post is None or post.visibility not in (Visibility.PUBLIC, Visibility.UNLISTED):
        return ""
    if post.content_warning or post.viewer_filter is not None:
        return ""
    return _cut(post.text, LONGEST_EXCERPT_CHARACTERS)


def path_of(row: NotificationRow) -> str:
    """Where a line leads in the web client."""
    if row.post is not None:
        return f"/post/{row.post.gid}"
    if (
        row.kind in (NotificationKind.FOLLOW, NotificationKind.FOLLOW_ACCEPTED)
        and len(row.actors) == 1
        and row.count == 1
    ):
        return f"/@{row.actors[0].handle}"
    if row.saved_search is not None:
        return f"/search?{urlencode({'q': row.saved_search.text})}"
    if row.kind is NotificationKind.FOLLOW_REQUEST:
        return "/settings/requests"
    if row.moderation_action is not None:
        return "/moderation"
    if row.kind is NotificationKind.REPORT_DECIDED:
        return "/moderation#reports"
    return "/notifications"

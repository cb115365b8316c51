"""The words of letters about what moderators decided: what it is, by which rule, what they said to the person, and how to appeal.

Nobody is named in them, and nothing is repeated of what was decided about, nor of what was reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from models import appeal, email_address, moderation_action
from models.appeal import AppealState
from models.letter import Letter, Words
from models.moderation import APPEAL_DAYS
from models.moderation_action import NEVER_UNDONE, ActionRow, ModerationActionKind
from models.preference import InterfaceLanguage
from models.report import ReportReason
from models.subject import ReportSubjectKind
from work.mail import Compose, Said

PAGE, SETTINGS = "/moderation", "/settings/notifications"
EN, FR = InterfaceLanguage.EN, InterfaceLanguage.FR
POST, USER, IMAGE, MESSAGE = (
    ReportSubjectKind.POST,
    ReportSubjectKind.USER,
    ReportSubjectKind.IMAGE,
    ReportSubjectKind.MESSAGE,
)
K = ModerationActionKind
T = TypeVar("T")
Told = tuple[str, str]
"""A subject, and what happened."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language; what is done by its kind and what it is about (None: whatever it is)."""

    done: Mapping[tuple[K, ReportSubjectKind | None], Told]
    undone: Mapping[tuple[K, ReportSubjectKind | None], str]
    followed: str
    back: str
    granted: Told
    upheld: Told
    rules: Mapping[ReportReason, str]
    rule: str
    note: str
    can_appeal: str
    label: str
    foot: str
    always: str


ENGLISH = Tongue(
    done={
        (K.WARN, None): ("You are warned", "Moderators warn you about something of yours that breaks a rule."),
        (K.LIMIT, USER): (
            "Your account is limited",
            "Your account is limited: what you post is in no list of strangers, and only your followers are told of what you do.",
        ),
        (K.LIMIT, None): (
            "A post of yours is limited",
            "A post of yours is in no public list any more. Who follows you, or has its address, still sees it.",
        ),
        (K.HIDE, None): ("A post of yours was hidden", "A post of yours was hidden: nobody but you sees it."),
        (K.REMOVE, POST): ("A post of yours was removed", "A post of yours was removed: nobody but you sees it."),
        (K.REMOVE, IMAGE): (
            "A picture of yours was removed",
            "A picture of yours was removed, with all that was made of it: nobody sees it any more.",
        ),
        (K.REMOVE, MESSAGE): ("A message of yours was removed", "A message of yours was removed from its chat."),
        (K.SUSPEND, None): (
            "Your account is suspended",
            "Your account is suspended: nobody sees it or what you posted, and you can write nothing. You can still sign in, read why,"
            " and appeal.",
        ),
    },
    undone={
        (K.SUSPEND, None): "Your account is no longer suspended. All of it is back.",
        (K.LIMIT, USER): "Your account is no longer limited.",
        (K.WARN, None): "A warning was taken back.",
        (K.LABEL, None): "A label was taken off something of yours.",
        (K.REMOVE, IMAGE): "A picture of yours that was removed is back.",
        (K.REMOVE, MESSAGE): "A message of yours that was removed is back.",
    },
    followed="Pictures of yours were removed, since they were made of one that was removed. Each can be appealed by itself.",
    back="A post of yours is back as it was.",
    granted=("Your appeal was granted", "Somebody else looked at your appeal, and granted it."),
    upheld=("Your appeal was turned down", "Somebody else looked at your appeal. What was decided stands."),
    rules={
        ReportReason.SPAM: "spam, or faked interest",
        ReportReason.HARASSMENT: "harassment or bullying",
        ReportReason.HATE: "hate against people for what they are",
        ReportReason.VIOLENCE: "threats or violence",
        ReportReason.SELF_HARM: "self-harm",
        ReportReason.SEXUAL_CONTENT: "sexual content where it should not be",
        ReportReason.INTIMATE_IMAGERY: "intimate pictures without consent",
        ReportReason.DEEPFAKE: "deepfakes of real people",
        ReportReason.CHILD_SAFETY: "the safety of children",
        ReportReason.IMPERSONATION: "pretending to be somebody else",
        ReportReason.COPYRIGHT: "using what belongs to somebody else",
        ReportReason.PRIVATE_INFORMATION: "telling private information",
        ReportReason.OTHER: "another one",
    },
    rule="The rule: {rule}.",
    note="What the moderators say to you: {note}",
    can_appeal=f"If this is wrong, you can appeal once within {APPEAL_DAYS} days. Somebody else decides then.",
    label="Read what was decided",
    foot="You get this because it concerns your account at {place}. Letters of this kind can be turned off: {settings}",
    always="This concerns your account at {place}, so it cannot be turned off.",
)
FRENCH = Tongue(
    done={
        (K.WARN, None): (
            "Vous recevez un avertissement",
            "La modération vous avertit\u00a0: quelque chose qui est à vous enfreint une règle.",
        ),
        (K.LIMIT, USER): (
            "Votre compte est limité",
            "Votre compte est limité\u00a0: ce que vous publiez n’apparaît dans aucune liste d’inconnus, et seules les personnes qui vous"
            " suivent apprennent ce que vous faites.",
        ),
        (K.LIMIT, None): (
            "Une de vos publications est limitée",
            "Une de vos publications n’apparaît plus dans aucune liste publique. Qui vous suit, ou a son adresse, la voit encore.",
        ),
        (K.HIDE, None): (
            "Une de vos publications est masquée",
            "Une de vos publications est masquée\u00a0: vous seul la voyez.",
        ),
        (K.REMOVE, POST): (
            "Une de vos publications a été retirée",
            "Une de vos publications a été retirée\u00a0: vous seul la voyez.",
        ),
        (K.REMOVE, IMAGE): (
            "Une de vos images a été retirée",
            "Une de vos images a été retirée, avec tout ce qui en a été fait\u00a0: plus personne ne la voit.",
        ),
        (K.REMOVE, MESSAGE): (
            "Un de vos messages a été retiré",
            "Un de vos messages a été retiré de sa discussion.",
        ),
        (K.SUSPEND, None): (
            "Votre compte est suspendu",
            "Votre compte est suspendu\u00a0: personne ne le voit, ni ce que vous avez publié, et vous ne pouvez rien écrire. Vous pouvez"
            " encore vous connecter, lire pourquoi et faire appel.",
        ),
    },
    undone={
        (K.SUSPEND, None): "Votre compte n’est plus suspendu. Tout est de retour.",
        (K.LIMIT, USER): "Votre compte n’est plus limité.",
        (K.WARN, None): "Un avertissement a été annulé.",
        (K.LABEL, None): "Une étiquette a été enlevée de quelque chose qui est à vous.",
        (K.REMOVE, IMAGE): "Une de vos images qui avait été retirée est de retour.",
        (K.REMOVE, MESSAGE): "Un de vos messages qui avait été retiré est de retour.",
    },
    followed="Des images à vous ont été retirées, parce qu’elles avaient été faites d’une image retirée. Chacune peut faire l’objet d’un"
    " appel.",
    back="Une de vos publications est de retour, comme avant.",
    granted=("Votre appel a été accepté", "Une autre personne a examiné votre appel et l’a accepté."),
    upheld=("Votre appel a été rejeté", "Une autre personne a examiné votre appel. La décision est maintenue."),
    rules={
        ReportReason.SPAM: "spam ou intérêt simulé",
        ReportReason.HARASSMENT: "harcèlement ou intimidation",
        ReportReason.HATE: "haine envers des personnes pour ce qu’elles sont",
        ReportReason.VIOLENCE: "menaces ou violence",
        ReportReason.SELF_HARM: "automutilation",
        ReportReason.SEXUAL_CONTENT: "contenu sexuel là où il n’a pas sa place",
        ReportReason.INTIMATE_IMAGERY: "images intimes sans consentement",
        ReportReason.DEEPFAKE: "deepfakes de personnes réelles",
        ReportReason.CHILD_SAFETY: "sécurité des enfants",
        ReportReason.IMPERSONATION: "se faire passer pour quelqu’un d’autre",
        ReportReason.COPYRIGHT: "utiliser ce qui appartient à quelqu’un d’autre",
        ReportReason.PRIVATE_INFORMATION: "révéler des informations privées",
        ReportReason.OTHER: "une autre règle",
    },
    rule="La règle\u00a0: {rule}.",
    note="Ce que la modération vous dit\u00a0: {note}",
    can_appeal=f"Si c’est une erreur, vous pouvez faire appel une fois, dans les {APPEAL_DAYS} jours. Une autre personne décide alors.",
    label="Lire la décision",
    foot="Vous recevez ce message parce qu’il concerne votre compte sur {place}. Ce type de message peut être désactivé\u00a0: {settings}",
    always="Ce message concerne votre compte sur {place}\u202f; il ne peut pas être désactivé.",
)
TONGUES = {EN: ENGLISH, FR: FRENCH}


def composer(place: str) -> Compose:
    """Who writes them; `place` is our own address."""

    async def compose(given: Letter) -> Said | None:
        tongue = TONGUES[given.language]
        if (await email_address.of_user(given.user_id)).confirmed_at is None:
            return None  # it goes to a confirmed address, or nowhere
        always = tongue.always.format(place=place)
        suspended = given.facts.get("suspended")
        if isinstance(suspended, bool):
            subject, sentence = tongue.done[K.SUSPEND, None]
            if not suspended:
                subject = sentence = tongue.undone[K.SUSPEND, None]
            return Said(Words(_title(subject), [sentence], f"{place}{PAGE}", tongue.label), foot=always)
        number = int(str(given.facts.get("action", "0")))
        action = (await moderation_action.told(given.user_id, [number])).get(number)
        if action is None:
            return None
        about = None if action.about_id is None else await moderation_action.action(action.about_id)
        subject, paragraphs = await _said(tongue, action, about)
        foot = tongue.foot.format(place=place, settings=f"{place}{SETTINGS}")
        if K.SUSPEND in (action.kind, about.kind if about else None):
            foot = always
        return Said(Words(subject, paragraphs, f"{place}{PAGE}", tongue.label), foot=foot)

    return compose


async def _said(tongue: Tongue, action: ActionRow, about: ActionRow | None) -> tuple[str, list[str]]:
    """The subject and the paragraphs about an action, and about that which it undoes or lets stand."""
    note = [tongue.note.format(note=action.note)] if action.note else []
    if action.kind is K.UPHOLD:
        return tongue.upheld[0], [tongue.upheld[1], *note]
    if about is not None:
        undone = _of(tongue.undone, about) or tongue.back
        made = await appeal.of_action(about.id)
        if made is not None and made.state is AppealState.GRANTED:
            return tongue.granted[0], [tongue.granted[1], undone, *note]
        return _title(undone), [undone, *note]
    subject, sentence = _of(tongue.done, action) or tongue.done[K.WARN, None]
    if action.root_id is not None:
        sentence = tongue.followed
    paragraphs = [sentence, tongue.rule.format(rule=tongue.rules[action.rule]), *note]
    if action.kind not in NEVER_UNDONE:
        paragraphs.append(tongue.can_appeal)
    return subject, paragraphs


def _of(words: Mapping[tuple[K, ReportSubjectKind | None], T], action: ActionRow) -> T | None:
    """What is said of such an action about such a thing, or about whatever it is."""
    return words.get((action.kind, action.subject.kind)) or words.get((action.kind, None))


def _title(sentence: str) -> str:
    """A sentence as a subject: its first one, without the full stop."""
    return sentence.split(". ")[0].rstrip(".")

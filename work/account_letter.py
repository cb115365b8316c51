"""The words of letters about one's account: links that confirm an address or lead to a new password, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models import mail_link
from models.database import fetch_value
from models.letter import Letter, Words
from models.mail_link import LinkPurpose
from models.preference import InterfaceLanguage
from safety.derived import hash_of
from work.mail import Compose, Said

CONFIRM_PATH, RESET_PATH, SETTINGS_PATH = "/verify-email#", "/reset#", "/settings/account"
FOOT = {
    InterfaceLanguage.EN: "This concerns your account at {place}, so it cannot be turned off.",
    InterfaceLanguage.FR: "Ce message concerne votre compte sur {place}\u202f; il ne peut pas être désactivé.",
}
STRANGER = {
    InterfaceLanguage.EN: "You get this because somebody named this address at {place}.",
    InterfaceLanguage.FR: "Vous recevez ce message parce que quelqu’un a indiqué cette adresse sur {place}.",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter is about: whose account, where, and another address that plays a part."""

    who: str
    place: str
    other: str = ""


Write = Callable[[Facts], Words]
"""The words of a letter, without its link."""


def _english(about: str) -> Write:
    return {
        "CONFIRM": lambda f: Words(
            "Confirm your address",
            [
                f"Somebody, most likely you, opened the account {f.who} at {f.place} with this address.",
                "Confirm that you read mail here. The link works once, for 48 hours.",
                "If it was not you, do nothing.",
            ],
            label="Confirm the address",
        ),
        "CHANGE": lambda f: Words(
            "Confirm your new address",
            [
                f"Somebody, most likely you, wants this to be the address of {f.who} at {f.place}.",
                "It counts once you open this link, which works once, for 48 hours.",
                "If it was not you, do nothing.",
            ],
            label="Confirm the new address",
        ),
        "RESET": lambda f: Words(
            "A new password",
            [
                f"Somebody, most likely you, asked for a new password for {f.who} at {f.place}.",
                "The link works once, for an hour. With the new password you are signed out everywhere.",
                "If it was not you, do nothing: your password stays as it is.",
            ],
            label="Choose a new password",
        ),
        "PASSWORD": lambda f: Words(
            "Your password was changed",
            [
                f"The password of {f.who} at {f.place} was changed just now, and other devices were signed out.",
                "If it was not you, ask for a new password at once: whoever did it is signed out by that.",
            ],
            f"{f.place}/forgot",
            "It was not me",
        ),
        "CHANGING": lambda f: Words(
            "Your address is to be changed",
            [
                f"Somebody, most likely you, wants {f.other} to be the address of {f.who} at {f.place}, in place of this one."
                " That happens once it is confirmed there.",
                "If it was not you, change your password at once: that stops it.",
            ],
            f"{f.place}{SETTINGS_PATH}",
            "Look at my account",
        ),
        "CHANGED": lambda f: Words(
            "Your address was changed",
            [
                f"The address of {f.who} at {f.place} is {f.other} now, in place of this one. No more letters come here.",
                "If it was not you, write to whoever runs this place.",
            ],
        ),
        "TAKEN": lambda f: Words(
            "You have an account already",
            [
                f"Somebody wanted this to be the address of another account at {f.place}. It stays that of your account {f.who}.",
                "If it was you: change the address of this account first. If it was not, do nothing.",
            ],
        ),
    }[about]


def _french(about: str) -> Write:
    return {
        "CONFIRM": lambda f: Words(
            "Confirmez votre adresse",
            [
                f"Quelqu’un, sans doute vous, a ouvert le compte {f.who} sur {f.place} avec cette adresse.",
                "Confirmez que vous y lisez vos messages. Le lien fonctionne une fois, pendant 48 heures.",
                "Si ce n’était pas vous, ne faites rien.",
            ],
            label="Confirmer l’adresse",
        ),
        "CHANGE": lambda f: Words(
            "Confirmez votre nouvelle adresse",
            [
                f"Quelqu’un, sans doute vous, souhaite que cette adresse soit celle du compte {f.who} sur {f.place}.",
                "Elle comptera dès que vous ouvrirez ce lien, qui fonctionne une fois, pendant 48 heures.",
                "Si ce n’était pas vous, ne faites rien.",
            ],
            label="Confirmer la nouvelle adresse",
        ),
        "RESET": lambda f: Words(
            "Un nouveau mot de passe",
            [
                f"Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour {f.who} sur {f.place}.",
                "Le lien fonctionne une fois, pendant une heure. Le nouveau mot de passe vous déconnecte partout.",
                "Si ce n’était pas vous, ne faites rien\u202f: votre mot de passe ne change pas.",
            ],
            label="Choisir un nouveau mot de passe",
        ),
        "PASSWORD": lambda f: Words(
            "Votre mot de passe a changé",
            [
                f"Le mot de passe de {f.who} sur {f.place} vient de changer, et les autres appareils ont été déconnectés.",
                "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe\u202f: cela déconnecte la personne qui l’a fait.",
            ],
            f"{f.place}/forgot",
            "Ce n’était pas moi",
        ),
        "CHANGING": lambda f: Words(
            "Votre adresse doit changer",
            [
                f"Quelqu’un, sans doute vous, souhaite que {f.other} soit l’adresse de {f.who} sur {f.place}, à la place de celle-ci."
                " Ce sera le cas dès qu’elle y sera confirmée.",
                "Si ce n’était pas vous, changez tout de suite votre mot de passe\u202f: cela l’empêche.",
            ],
            f"{f.place}{SETTINGS_PATH}",
            "Voir mon compte",
        ),
        "CHANGED": lambda f: Words(
            "Votre adresse a changé",
            [
                f"L’adresse de {f.who} sur {f.place} est désormais {f.other}, à la place de celle-ci. Plus aucun message n’arrivera ici.",
                "Si ce n’était pas vous, écrivez aux responsables de ce site.",
            ],
        ),
        "TAKEN": lambda f: Words(
            "Vous avez déjà un compte",
            [
                f"Quelqu’un souhaitait que cette adresse soit celle d’un autre compte sur {f.place}. Elle reste celle de votre compte {f.who}.",
                "Si c’était vous\u202f: changez d’abord l’adresse de ce compte. Sinon, ne faites rien.",
            ],
        ),
    }[about]


WRITERS: Mapping[InterfaceLanguage, Callable[[str], Write]] = {
    InterfaceLanguage.EN: _english,
    InterfaceLanguage.FR: _french,
}
_PATHS = {LinkPurpose.CONFIRM: CONFIRM_PATH, LinkPurpose.CHANGE: CONFIRM_PATH, LinkPurpose.RESET: RESET_PATH}


def composer(place: str, secret_key: str) -> Compose:
    """Who writes letters about accounts; `place` is our own address."""

    async def compose(given: Letter) -> Said | None:
        about = given.facts.get("about")
        handle = await fetch_value("SELECT handle FROM users WHERE id = $1", given.user_id)
        if not isinstance(about, str) or handle is None:
            return None
        words = WRITERS[given.language](about)(Facts(f"@{handle}", place, str(given.facts.get("email", ""))))
        if about not in LinkPurpose.__members__:
            return Said(words, foot=FOOT[given.language].format(place=place))
        link = await mail_link.by_id(int(str(given.facts.get("link", "0"))))
        if link is None or link.user_id != given.user_id:
            return None  # used meanwhile, or replaced
        token = mail_link.token_of(link, secret_key)
        if hash_of(token) != link.token_hash:
            return None  # `SECRET_KEY` was changed meanwhile: this one would lead nowhere
        to_stranger = link.purpose is not LinkPurpose.RESET
        return Said(
            Words(words.subject, words.paragraphs, f"{place}{_PATHS[link.purpose]}{token}", words.label),
            foot=(STRANGER if to_stranger else FOOT)[given.language].format(place=place),
        )

    return compose

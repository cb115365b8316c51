"""Letters about an account's safety: a second factor came or went, a recovery code was used. What one did not do oneself one is to learn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models.letter import Letter, Words
from models.preference import InterfaceLanguage
from models.second_factor import FactorNews
from work.mail import Compose, Said

PAGE = "/settings/security"
EN, FR = InterfaceLanguage.EN, InterfaceLanguage.FR
NEWS: Mapping[InterfaceLanguage, Mapping[FactorNews, tuple[str, str]]] = {
    EN: {
        FactorNews.TOTP_ADDED: (
            "Your account asks for codes now",
            "Codes of an authenticator app are asked for when you sign in from now on. All other sessions were ended.",
        ),
        FactorNews.TOTP_REMOVED: (
            "Your account asks for no codes any more",
            "The authenticator app was taken off your account. All other sessions were ended.",
        ),
        FactorNews.PASSKEY_ADDED: ("A passkey was added", "The passkey “{name}” signs in to your account from now on."),
        FactorNews.PASSKEY_REMOVED: (
            "A passkey was removed",
            "The passkey “{name}” signs in to your account no more. All other sessions were ended.",
        ),
        FactorNews.CODES_RENEWED: (
            "You have new recovery codes",
            "New recovery codes were made for your account. The old ones are worth nothing now.",
        ),
        FactorNews.CODE_USED: (
            "A recovery code was used",
            "One of your recovery codes was used to get into your account. It does not work a second time.",
        ),
        FactorNews.RESET: (
            "Your second factors were taken away",
            "Whoever runs this place took the authenticator app, passkeys and recovery codes off your account. You sign in with your"
            " password alone, and everywhere anew.",
        ),
    },
    FR: {
        FactorNews.TOTP_ADDED: (
            "Votre compte demande désormais des codes",
            "À la connexion, votre compte demande maintenant un code de l’application d’authentification. Toutes les autres sessions ont"
            " été fermées.",
        ),
        FactorNews.TOTP_REMOVED: (
            "Votre compte ne demande plus de codes",
            "L’application d’authentification a été retirée de votre compte. Toutes les autres sessions ont été fermées.",
        ),
        FactorNews.PASSKEY_ADDED: (
            "Une clé d’accès a été ajoutée",
            "La clé d’accès «\u00a0{name}\u00a0» ouvre désormais votre compte.",
        ),
        FactorNews.PASSKEY_REMOVED: (
            "Une clé d’accès a été retirée",
            "La clé d’accès «\u00a0{name}\u00a0» n’ouvre plus votre compte. Toutes les autres sessions ont été fermées.",
        ),
        FactorNews.CODES_RENEWED: (
            "Vous avez de nouveaux codes de secours",
            "De nouveaux codes de secours ont été créés pour votre compte. Les anciens ne valent plus rien.",
        ),
        FactorNews.CODE_USED: (
            "Un code de secours a servi",
            "Un de vos codes de secours a servi à entrer dans votre compte. Il ne marchera pas une seconde fois.",
        ),
        FactorNews.RESET: (
            "Vos seconds facteurs ont été retirés",
            "La personne qui gère ce site a retiré de votre compte l’application d’authentification, les clés d’accès et les codes de"
            " secours. Vous vous connectez avec votre seul mot de passe, et partout à nouveau.",
        ),
    },
}
FROM = {EN: "{at} UTC, from {place}.", FR: "{at} UTC, depuis {place}."}
WHEN = {EN: "{at} UTC.", FR: "{at} UTC."}
NETWORK = {EN: "network {network}", FR: "réseau {network}"}
SO = {
    EN: "If that was you, there is nothing to do. If it was not, sign in, change your password and look at what is signed in:",
    FR: "Si c’était vous, il n’y a rien à faire. Sinon, connectez-vous, changez de mot de passe et regardez ce qui est connecté\u00a0:",
}
LABEL = {EN: "Sign-in and security", FR: "Connexion et sécurité"}


def composer(place: str) -> Compose:
    """Who writes them; `place` is our own address."""

    async def compose(given: Letter) -> Said | None:
        facts, language = given.facts, given.language
        told = {key: str(facts.get(key, "")) for key in ("news", "name", "device", "network", "at")}
        subject, sentence = NEWS[language][FactorNews(told["news"])]
        near = NETWORK[language].format(network=told["network"]) if told["network"] else ""
        where = ", ".join(part for part in (_device(told["device"], language), near) if part)
        at = f"{datetime.fromisoformat(told['at']):%Y-%m-%d %H:%M}"
        when = FROM[language].format(at=at, place=where) if where else WHEN[language].format(at=at)
        paragraphs = [sentence.format(name=told["name"]), when, SO[language]]
        return Said(Words(subject, paragraphs, f"{place}{PAGE}", LABEL[language]))

    return compose


def _device(name: str, language: InterfaceLanguage) -> str:
    return name.replace(" on ", " sur ") if language is FR else name

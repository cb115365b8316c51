"""Whether a release would run a trusted document: asked before it is deployed, of documents that clients hold already."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import GraphQLSyntaxError, NoDeprecatedCustomRule, validate

from execution.cost import MAX_PAGE
from execution.documents import Document, Documents
from execution.rejection import Rejection
from execution.request import Request
from execution.text import Text
from execution.trusted import digest


@dataclass(slots=True)
class Verdict:
    """What would become of a document: `refused` says why it would not run, `noted` what holds for some or not for ever."""

    refused: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)


def judge(store: Documents, text: str) -> Verdict:
    """The verdict on every operation of a text, as somebody signed in asks it with pages of the size it says (20 unsaid)."""
    verdict = Verdict()
    try:
        document = Document(Text(text), digest(text), store.schema, store.limits, False, store.people.budget)
    except GraphQLSyntaxError as error:
        verdict.refused.append(error.message)
        return verdict
    names = [node.name.value if node.name else None for node in document.operations] or [None]
    for name in names:
        try:
            store.operation(Request(text, name), True)
            _note(store, document, name, verdict)
        except Rejection as refusal:
            said = [f"{name}: {error['message']}" if name else error["message"] for error in refusal.errors]
            verdict.refused += [sentence for sentence in said if sentence not in verdict.refused]
    if not verdict.refused:
        verdict.noted += [error.message for error in validate(store.schema, document.node, [NoDeprecatedCustomRule])]
    return verdict


def _note(store: Documents, document: Document, name: str | None, verdict: Verdict) -> None:
    measured, limits, who = document.measure(name), store.limits, name or "It"
    plain, largest = measured.nodes({}), measured.nodes(dict.fromkeys(measured.sizing, MAX_PAGE))
    if largest > limits.nodes_signed_in:
        verdict.noted.append(
            f"{who} asks for {largest} nodes by pages of {MAX_PAGE}; {limits.nodes_signed_in} is the most."
        )
    if plain > limits.nodes_signed_out:
        verdict.noted.append(
            f"{who} asks for {plain} nodes; {limits.nodes_signed_out} is the most where nobody is signed in."
        )

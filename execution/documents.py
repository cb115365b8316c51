"""Every document is lexed, parsed, measured and validated once, then kept by the hash of its text.

Order: tokens, parse, the operation asked for, its bounds, and only then validation, so that no hostile document reaches a
check that is worse than linear. What is wrong with a document is kept like the document itself and copied for each asker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ASTValidationRule,
    BooleanValueNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from execution.compiled import MAX_COMPILED_FIELDS, Budget, Programs
from execution.cost import Limits, Walk, asked_twice, clamp, count_repeats, literal_size, over_limits
from execution.defer import without_defer
from execution.price import Price
from execution.rejection import (
    PARSE_FAILED,
    TOO_COMPLEX,
    UNRESOLVED_OPERATION,
    VALIDATION_FAILED,
    Rejection,
    coded,
    rejected,
)
from execution.request import Request
from execution.scope import NOTHING, Needs, needs_of
from execution.shelf import Shelf
from execution.text import Text, has_more_lines, has_more_tokens
from execution.trusted import Trusted, digest, unknown_hash

MAX_DOCUMENTS = 2_000
MAX_TEXT_BYTES = 1024 * 1024  # a parsed document weighs about 200 times its text
STRANGERS_SHARE = 4  # of the room that people have, strangers have so much less
MAX_ERRORS = 5
MAX_SIZES = 64  # page sizes for which the cost of one operation is remembered
RULES: tuple[type[ASTValidationRule], ...] = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that may be run: inside its bounds, valid, with variables that are not coerced yet."""

    document: DocumentNode
    node: OperationDefinitionNode
    key: bytes  # sha256 of the document's text
    variables: dict[str, Any]
    nodes: int
    max_nodes: int
    personal: bool  # it selects a field that depends on who asks
    points: int  # what running it costs
    dry: bool  # only its cost is asked for: `document` and `node` have nothing left but that
    programs: Programs  # its compiled forms
    needs: Needs  # what a token must be allowed
    deferred: DocumentNode | None = None  # the document as it was written, when it has `@defer`; `document` has none

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.node.operation

    @property
    def name(self) -> str | None:
        """The name in the document, None for a nameless operation."""
        return self.node.name.value if self.node.name else None


class Measured:
    """One operation of a document with its static bounds checked once and its cost once per set of page sizes."""

    def __init__(self, document: Document, node: OperationDefinitionNode) -> None:
        self.document = document
        self.node = node
        self.defaults = {
            definition.variable.name.value: literal_size(definition.default_value)
            for definition in node.variable_definitions or ()
        }
        walk = Walk(document.schema, document.fragments, self.defaults.get)
        measure = walk.operation(node)
        self.personal = walk.personal
        self.programs = Programs(node, document.fragments, document.budget)
        self.dry_programs: Programs | None = None
        self.price = Price(node, document.fragments)
        self.sizing = tuple(sorted(walk.sizing))
        self.choosing = tuple(sorted(walk.choosing))
        self.flags = {
            definition.variable.name.value: definition.default_value.value
            for definition in node.variable_definitions or ()
            if isinstance(definition.default_value, BooleanValueNode)
        }
        self.refusal = over_limits(measure, len(walk.measured), walk.directives, document.limits) or asked_twice(
            node, document.fragments, document.limits.once
        )
        self.needs = NOTHING if self.refusal else needs_of(document.schema, node, document.fragments)
        unsaid = tuple(map(self.defaults.get, self.sizing)), (None,) * len(self.choosing)
        self.costs: dict[tuple[tuple[int | None, ...], tuple[bool | None, ...]], int] = {unsaid: measure.nodes}

    def nodes(self, variables: Mapping[str, object]) -> int:
        """How many nodes the operation asks for with these variables (not coerced: what is no number is unsaid)."""
        sizes = tuple(self._size(name, variables) for name in self.sizing)
        flags = tuple(self._flag(name, variables) for name in self.choosing)
        key = sizes, flags
        if key not in self.costs:
            if len(self.costs) >= MAX_SIZES:
                self.costs.clear()
            given = dict(zip(self.sizing, sizes, strict=True))
            chosen = dict(zip(self.choosing, flags, strict=True))
            walk = Walk(self.document.schema, self.document.fragments, given.get, chosen.get)
            self.costs[key] = walk.operation(self.node).nodes
        return self.costs[key]

    def dry_programs_of(self, node: OperationDefinitionNode) -> Programs:
        """The compiled forms of what is left of the operation when only its cost is asked for."""
        if self.dry_programs is None:
            self.dry_programs = Programs(node, self.document.fragments, self.document.budget)
        return self.dry_programs

    def _flag(self, name: str, variables: Mapping[str, object]) -> bool | None:
        value = variables.get(name, self.flags.get(name))
        return value if isinstance(value, bool) else None

    def _size(self, name: str, variables: Mapping[str, object]) -> int | None:
        if name not in variables:
            return self.defaults.get(name)
        value = variables[name]
        if isinstance(value, list):
            return clamp(len(value))
        if isinstance(value, float):  # `Int` takes 100.0 for 100
            return clamp(int(max(-1.0, min(value, 1e9))))
        return clamp(value) if isinstance(value, int) and not isinstance(value, bool) else None


class Document:
    """A parsed text; its operations are measured and the whole is validated at the first use of each."""

    def __init__(
        self, text: Text, key: bytes, schema: GraphQLSchema, limits: Limits, suggestions: bool, budget: Budget
    ) -> None:
        self.schema = schema
        self.text = text.body
        self.budget = budget
        self.limits = limits
        self.key = key
        self.suggestions = suggestions
        self.written = parse(text)
        self.node, self.defers = without_defer(self.written, text.body)
        self.fragments = {
            node.name.value: node for node in self.node.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.fragment_count = sum(isinstance(node, FragmentDefinitionNode) for node in self.node.definitions)
        self.operations = [node for node in self.node.definitions if isinstance(node, OperationDefinitionNode)]
        self.measured: dict[str | None, Measured | Rejection] = {}
        self.validated = False
        self.refusal: Rejection | None = None

    def measure(self, name: str | None) -> Measured:
        """The operation of that name, or the only one; inside its bounds and valid. Raises `Rejection`."""
        measured = self.measured.get(name)
        if measured is None:
            node = self._select(name)  # unknown names are many, so they are not remembered
            try:
                measured = Measured(self, node)
            except Rejection as refusal:
                measured = refusal
            self.measured[name] = measured
        refusal_of = measured if isinstance(measured, Rejection) else measured.refusal
        if refusal_of is None and not self.validated:
            self.refusal = self._validate()
            self.validated = True
        refusal_of = refusal_of or self.refusal
        if refusal_of is not None:
            raise Rejection(refusal_of.errors)
        assert isinstance(measured, Measured)
        return measured

    def _select(self, name: str | None) -> OperationDefinitionNode:
        found = [
            node for node in self.operations if name is None or (node.name is not None and node.name.value == name)
        ]
        if not found:
            sentence = "The document has no operation." if name is None else f"Unknown operation named '{name[:100]}'."
            raise rejected(sentence, UNRESOLVED_OPERATION)
        if name is None and len(found) > 1:
            raise rejected("The document has several operations: say which by operationName.", UNRESOLVED_OPERATION)
        return found[0]

    def _validate(self) -> Rejection | None:
        try:
            count_repeats(self.node, self.fragments, self.limits)
        except Rejection as refusal:
            return refusal
        errors = validate(self.schema, self.written, RULES, MAX_ERRORS, hide_suggestions=not self.suggestions)
        return Rejection([coded(error, VALIDATION_FAILED) for error in errors]) if errors else None


class Documents:
    """The store of documents of one schema, on a shelf for each kind of asker: bounded by number and by bytes of text.

    `suggestions` lets validation guess what a misspelt field was meant to be (development only). A text sent with its hash
    is kept like any other, and so found by the hash until it is forgotten; `trusted` documents are never forgotten. The
    bounds are those of signed-in people; strangers have a quarter of that, and push out nothing but each other's.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits | None = None,
        suggestions: bool = False,
        max_documents: int = MAX_DOCUMENTS,
        max_text_bytes: int = MAX_TEXT_BYTES,
        trusted: Trusted | None = None,
        max_fields: int = MAX_COMPILED_FIELDS,
    ) -> None:
        self.schema = schema
        self.limits = limits or Limits()
        self.suggestions = suggestions
        self.trusted = trusted or Trusted()
        self.ours = Shelf(max(max_documents, len(self.trusted)), MAX_TEXT_BYTES, max_fields)
        self.people = Shelf(max_documents, max_text_bytes, max_fields)
        quarter = max(max_documents // STRANGERS_SHARE, 1), max_text_bytes // STRANGERS_SHARE
        self.strangers = Shelf(*quarter, max_fields // STRANGERS_SHARE)

    def __len__(self) -> int:
        return len(self.ours) + len(self.people) + len(self.strangers)

    def operation(self, request: Request, signed_in: bool) -> Operation:
        """The operation that a request asks for, ready to run. Raises `Rejection` with a code on each error."""
        document = self._document(self.trusted.choose(request), signed_in)
        measured = document.measure(request.operation_name)
        nodes = measured.nodes(request.variables)
        max_nodes = self.limits.nodes_signed_in if signed_in else self.limits.nodes_signed_out
        if nodes > max_nodes:
            sentence = f"The operation asks for {nodes} nodes; {max_nodes} is the most. Ask for smaller pages."
            refusal = rejected(sentence, TOO_COMPLEX)
            refusal.errors[0]["extensions"]["cost"] = {"requested": nodes, "maximum": max_nodes}
            raise refusal
        points, dry = measured.price.points(nodes), measured.price.is_dry(request.variables)
        tree, node = measured.price.dry() if dry else (document.node, measured.node)
        deferred = document.written if document.defers and not dry else None
        programs = measured.dry_programs_of(node) if dry else measured.programs
        personal, variables, needs = measured.personal, request.variables, measured.needs
        return Operation(
            tree, node, document.key, variables, nodes, max_nodes, personal, points, dry, programs, needs, deferred
        )

    def _document(self, chosen: str | bytes, signed_in: bool) -> Document:
        key = digest(chosen) if isinstance(chosen, str) else chosen
        found = self.ours.find(key)
        if found is None:
            found = self.people.find(key) if signed_in else self.people.peek(key) or self.strangers.find(key)
        if found is None:
            # What strangers brought is read anew for a person, who gets it compiled in other room.
            text = chosen if isinstance(chosen, str) else self._told_before(key)
            shelf = self.ours if self.trusted.has(key) else self.people if signed_in else self.strangers
            found = self._read(text, key, shelf.budget)
            shelf.keep(key, found, len(text.encode("utf-8", "surrogatepass")))
            if shelf is not self.strangers:
                self.strangers.forget(key)
        if isinstance(found, Rejection):
            raise Rejection(found.errors)
        return found

    def _told_before(self, key: bytes) -> str:
        """The text of a hash that strangers brought. Raises `Rejection` when nobody did."""
        found = self.strangers.peek(key)
        if isinstance(found, Document):
            return found.text
        if found is not None:
            raise Rejection(found.errors)
        raise unknown_hash()

    def _read(self, text: str, key: bytes, budget: Budget) -> Document | Rejection:
        try:
            if has_more_lines(text, self.limits.lines):
                return rejected(f"The document has more than {self.limits.lines} line breaks. Split it.", TOO_COMPLEX)
            source = Text(text)
            if has_more_tokens(source, self.limits.tokens):
                return rejected(f"The document has more than {self.limits.tokens} tokens. Split it.", TOO_COMPLEX)
            document = Document(source, key, self.schema, self.limits, self.suggestions, budget)
            if document.fragment_count > self.limits.fragments:
                return rejected(
                    f"The document defines more than {self.limits.fragments} fragments. Split it.", TOO_COMPLEX
                )
            if document.defers > self.limits.directives:
                return rejected(
                    f"The document defers more than {self.limits.directives} fragments. Split it.", TOO_COMPLEX
                )
            return document
        except GraphQLSyntaxError as error:
            return Rejection([coded(error, PARSE_FAILED)])

"""Before a deployment: which trusted documents would a release refuse, and which will it one day."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from graphql import build_schema

from dev.manifests import main
from execution.cost import Limits
from execution.deployable import Verdict, judge
from execution.documents import Documents
from tests.people import OPERATIONS
from tests.trusting import apollo, codegen, relay, sha

TOY = build_schema(
    """
    type Query { thing: Thing things(first: Int): ThingConnection }
    type Thing { name: String! old: Int @deprecated(reason: "Use `name`. Goes on 2999-01-01.") }
    type ThingConnection { edges: [ThingEdge!]! }
    type ThingEdge { node: Thing! }
    """
)
STORE = Documents(TOY, Limits(nodes_signed_in=100, nodes_signed_out=20))


@pytest.mark.parametrize(
    ("text", "refused", "noted"),
    [
        ("{ thing { name } }", [], []),
        ("query Q($n: Int = 5) { things(first: $n) { edges { node { name } } } }", [], ["Q asks for 1"]),
        ("{ things(first: 50) { edges { node { name } } } }", [], ["where nobody is signed in"]),
        ("{ thing { old } }", [], ["Goes on 2999-01-01."]),
        ("{ thing { gone } }", ["Cannot query field 'gone' on type 'Thing'."], []),
        ("{ things(first: 100) { edges { node { name } } } }", ["is the most"], []),
        ("query A { thing { name } } query B { thing { gone } }", ["A: Cannot", "B: Cannot"], []),
        ("{ thing {", ["Syntax Error"], []),
        ("fragment F on Thing { name }", ["has no operation"], []),
    ],
)  # fmt: skip
def test_each_verdict(text: str, refused: list[str], noted: list[str]) -> None:
    verdict = judge(STORE, text)
    for wanted, said in ((refused, verdict.refused), (noted, verdict.noted)):
        assert len(wanted) == len(said), said
        assert all(part in sentence for part, sentence in zip(wanted, said, strict=True)), said


def test_documents_of_our_own_run_without_a_note() -> None:
    store = Documents(TOY)
    assert judge(store, "{ thing { name } }") == Verdict()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "relay.json").write_bytes(orjson.dumps(relay(OPERATIONS)))
    (tmp_path / "codegen.json").write_bytes(orjson.dumps(codegen("{ viewer { user { handle } } }")))
    assert main([str(tmp_path)]) == 0
    assert "2 of 2 documents run" in capsys.readouterr().out
    gone = "query Gone { viewer { nothingOfThisName } }"
    (tmp_path / "apollo.json").write_bytes(orjson.dumps(apollo(gone)))
    assert main([str(tmp_path / "relay.json"), str(tmp_path / "apollo.json")]) == 1
    said = capsys.readouterr().out
    assert f"{sha(gone)[:24]}… would be refused. Gone: Cannot query field 'nothingOfThisName'" in said
    assert "1 of 2 documents run" in said
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty")]) == 2

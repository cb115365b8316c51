"""The rules of the house that a reader of one file cannot see: who imports whom, how long, how named, how pinned."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from dev import advisories
from dev.supervisor import read_procfile
from settings import Settings

HERE = Path(__file__).parent.parent

MAY_IMPORT = {
    "schema": {"resolvers", "models", "errors"},
    "resolvers": {
        "execution",
        "realtime",
        "storage",
        "provenance",
        "safety",
        "discovery",
        "models",
        "errors",
        "settings",
    },
    "execution": {"realtime", "errors", "settings"},
    "generation": {"realtime", "storage", "provenance", "safety", "models", "outside", "errors", "settings"},
    "work": {"realtime", "storage", "provenance", "safety", "discovery", "models", "outside", "errors", "settings"},
    "discovery": {"safety", "models", "errors", "settings"},
    "realtime": {"models", "errors", "settings"},
    "models": {"safety", "errors", "settings"},
    "storage": {"errors", "settings"},
    "provenance": {"errors", "settings"},
    "safety": {"errors", "settings"},
    "outside": {"errors", "settings"},
    "settings": set[str](),
    "errors": set[str](),
}
MAY_IMPORT_ALL = {"app", "dev", "bench", "tests"}
# Of a folder that may be imported only in part: importer and imported → the modules that may be.
ONLY = {("realtime", "models"): {"models.event", "models.database"}}
HOMES = {
    "strawberry": {"schema", "resolvers", "execution"},
    "graphql": {"schema", "resolvers", "execution"},
    "redis": {"realtime", "safety"},
    "aioboto3": {"storage"},
    "botocore": {"storage", "dev"},
    "tortoise": {"models"},
    "asyncpg": {"models", "realtime", "discovery"},
    "starlette": {"app", "execution", "dev"},
    "uvicorn": {"app", "execution", "dev"},
    "websockets": {"execution", "dev"},
    "httpx": {"outside", "generation.engines", "dev"},
    "aiohttp": {"outside", "generation.engines"},
    "aiosmtplib": {"outside"},
    "openai": {"generation.engines"},
    "httpx2": {"outside", "generation.engines"},
    "urllib.request": {"outside", "generation.engines", "dev"},
    "c2pa": {"provenance"},
    "authlib": {"models", "outside", "resolvers"},
    "joserfc": {"outside"},
    "cryptography": {"provenance", "outside", "safety"},
    "webauthn": {"safety"},
    "segno": {"resolvers"},
    "lark": {"discovery"},
    "honcho": {"dev"},
    "onnxruntime": {"safety.inference", "safety.eye_child"},
    "psutil": {"dev"},
}
TRY_ANYTHING = {"tests", "bench"}
LONGEST_FILE_LINES = 400
FORBIDDEN_NAMES = {"utils", "util", "services", "service", "core", "common", "base", "helpers", "helper", "misc"}


def tracked() -> list[Path]:
    """Every file that git knows or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=HERE, check=True, capture_output=True, text=True).stdout
    return [HERE / name for name in sorted(set(listed.split("\0"))) if name and (HERE / name).is_file()]


def modules() -> list[Path]:
    """Every Python file of ours that is written by hand."""
    return [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]


def dotted(path: Path) -> str:
    """`models/post.py` → `models.post`; `models/__init__.py` → `models`."""
    parts = path.relative_to(HERE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, source: str) -> Iterator[tuple[int, str, bool]]:
    """Line, full name and whether it stands inside a function, of every import of a file."""
    here = path.relative_to(HERE).parent.parts

    def walk(node: ast.AST, inside: bool) -> Iterator[tuple[int, str, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from ((child.lineno, alias.name, inside) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                above = here[: len(here) - child.level + 1] if child.level else ()
                origin = ".".join([*above, *([child.module] if child.module else [])])
                yield from ((child.lineno, f"{origin}.{alias.name}", inside) for alias in child.names)
            else:
                function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                yield from walk(child, inside or function)

    yield from walk(ast.parse(source, str(path)), False)


def lies_in(name: str, folder: str) -> bool:
    """Whether a dotted name is `folder` or below it."""
    return name == folder or name.startswith(f"{folder}.")


def refused_imports(path: Path, source: str) -> Iterator[str]:
    """Sentences on what a file of this text would import and may not."""
    me = dotted(path)
    top = me.partition(".")[0]
    for line, name, inside in imports(path, source):
        where = f"{path.relative_to(HERE)}:{line}"
        target = name.partition(".")[0]
        if inside:
            yield f"{where} imports {name} inside a function"
        if target in MAY_IMPORT or target in MAY_IMPORT_ALL:
            if top not in MAY_IMPORT_ALL and target != top and target not in MAY_IMPORT[top]:
                yield f"{where}: {top} may not import {target}"
            only = ONLY.get((top, target))
            if only is not None and not any(lies_in(name, allowed) for allowed in only):
                yield f"{where}: {top} may import of {target} only {', '.join(sorted(only))}"
        for package, homes in HOMES.items():
            if lies_in(name, package) and top not in TRY_ANYTHING and not any(lies_in(me, home) for home in homes):
                yield f"{where}: {package} is at home in {', '.join(sorted(homes))}"


def test_every_module_stands_in_the_table() -> None:
    tops = {dotted(path).partition(".")[0] for path in modules()}
    assert tops <= set(MAY_IMPORT) | MAY_IMPORT_ALL


def test_imports_only_go_down() -> None:
    assert [sentence for path in modules() for sentence in refused_imports(path, path.read_text())] == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("schema/trial.py", "from storage.bucket import Bucket"),
        ("schema/trial.py", "import settings"),
        ("models/trial.py", "from resolvers import page"),
        ("models/trial.py", "from redis.asyncio import Redis"),
        ("models/trial.py", "def f():\n    import json"),
        ("models/trial.py", "class A:\n    async def f(self):\n        from errors import NotFound"),
        ("realtime/trial.py", "from models.post import Post"),
        ("realtime/trial.py", "from models import post"),
        ("generation/worker.py", "import httpx"),
        ("resolvers/trial.py", "import urllib.request"),
        ("errors.py", "import settings"),
        ("execution/trial.py", "from ..schema import root"),
    ],
)
def test_the_table_refuses(file: str, source: str) -> None:
    assert len(list(refused_imports(HERE / file, source))) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("schema/trial.py", "import strawberry\nfrom models.post import Post\nfrom resolvers import post as resolve"),
        ("realtime/trial.py", "from models.event import Event\nfrom redis.asyncio import Redis"),
        ("generation/engines/trial.py", "import httpx"),
        ("models/trial.py", "import models.post\nfrom models.user import User"),
        ("app.py", "import starlette, uvicorn\nfrom schema import root"),
        ("tests/test_trial.py", "import redis, aioboto3, tortoise"),
    ],
)
def test_the_table_allows(file: str, source: str) -> None:
    assert list(refused_imports(HERE / file, source)) == []


def test_no_file_is_too_long() -> None:
    written = [*modules(), *(path for path in tracked() if path.suffix in (".ts", ".tsx", ".css"))]
    lengths = {str(path.relative_to(HERE)): len(path.read_text().splitlines()) for path in written}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE_LINES} == {}


def test_every_file_has_a_noun() -> None:
    written = [path for path in tracked() if path.suffix in (".py", ".ts", ".tsx")]
    named = {part for path in written for part in (*path.relative_to(HERE).parts[:-1], path.stem)}
    assert named & FORBIDDEN_NAMES == set()


def test_no_registry_and_no_path_of_a_machine_is_named() -> None:
    dot = "."
    hosts = [
        dot.join(words) for words in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
    ]
    pattern = re.compile("|".join([*map(re.escape, hosts), r"(?<![\w./-])/(?:work|root|tmp|home)/\w", "--index-url"]))
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(HERE)}:{number}: {line.strip()[:100]}")
    assert found == []


def locked() -> dict[str, list[Version]]:
    """Name → versions (some differ by Python's) of `requirements.lock`."""
    found: dict[str, list[Version]] = {}
    for name, pinned in re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", (HERE / "requirements.lock").read_text(), re.M):
        found.setdefault(name, []).append(Version(pinned))
    return found


def test_the_lock_pins_everything_by_hash() -> None:
    text = (HERE / "requirements.lock").read_text()
    entries = re.split(r"^(?=\S)", text, flags=re.M)[1:]
    assert len(entries) > 50
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert [entry.splitlines()[0] for entry in entries if not re.match(r"[a-z0-9._-]+==", entry)] == []


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    asked = [Requirement(line) for line in (*project["dependencies"], *project["optional-dependencies"]["dev"])]
    pinned = locked()
    for requirement in asked:
        versions = pinned.get(requirement.name, [])
        assert versions, f"{requirement.name} is not in requirements.lock: make lock"
        assert all(requirement.specifier.contains(found) for found in versions), f"{requirement}: make lock"


def test_nothing_is_older_than_its_holes() -> None:
    pinned = locked()
    for name, lowest in advisories.LOWEST_VERSIONS.items():
        assert all(found >= Version(lowest) for found in pinned.get(name, [])), f"{name} is locked below {lowest}"
        try:
            installed = Version(version(name))
        except PackageNotFoundError:
            assert name not in pinned, f"{name} is locked and not installed"
            continue
        assert installed >= Version(lowest), f"{name} {installed} is installed, below {lowest}"


def test_the_command_tells_when_the_table_is_old(capsys: pytest.CaptureFixture[str]) -> None:
    assert advisories.main(advisories.LOOKED_AT + timedelta(advisories.LOOK_AGAIN_DAYS)) == 0
    assert advisories.main(advisories.LOOKED_AT + timedelta(advisories.LOOK_AGAIN_DAYS + 1)) == 1
    assert "Read the advisories" in capsys.readouterr().out


def test_the_example_lists_every_variable_as_it_is() -> None:
    shown = dict(re.findall(r"^#([A-Z0-9_]+)=(.*)$", (HERE / ".env.example").read_text(), re.M))
    assert shown.pop("FRESQUE_HOME") == ".fresque"
    assert shown == {
        field.name.upper(): re.sub("^(True|False)$", lambda found: found[0].lower(), str(field.default))
        for field in fields(Settings)
    }


def test_every_process_has_a_module_and_is_explained() -> None:
    explained = (HERE / "docs" / "operations.md").read_text()
    for name, command in read_procfile(HERE / "Procfile").items():
        module = HERE / command.removeprefix("python -m ").replace(".", "/")
        assert module.with_suffix(".py").exists() or (module / "__main__.py").exists(), f"{name}: {command}"
        assert f"`{name}`" in explained

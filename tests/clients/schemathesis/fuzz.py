"""Schemathesis over the whole schema, signed out and signed in: no answer is a fault of the server's or breaks the schema.

    python fuzz.py [ARGUMENT OF `schemathesis run` ...]

Every query and mutation is called with documents made from the schema, the same ones every time. Some of the ids, names
and page sizes in them are real, so that what lies behind them is reached. What the schema cannot say (`first` or `last`,
not both) is refused with BAD_USER_INPUT, and that is all right here.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

URL = os.environ["FRESQUE_URL"] + "/graphql"
TOKEN = {"Authorization": f"Bearer {os.environ['ADA_TOKEN']}"}
CASES = 8  # for each query and mutation, signed in
CASES_SIGNED_OUT = 3  # most of them are refused at the door
RUN = [
    *(str(Path(sys.executable).with_name("schemathesis")), "run", "schema.graphql", "--url", URL, "--no-color"),
    *("--phases", "fuzzing", "--generation-deterministic", "--no-shrink"),
    *("--exclude-checks", "positive_data_acceptance", "--request-timeout", "10"),
]


def ask(document: str, **variables: object) -> dict[str, Any]:
    """The data of one operation, as Ada."""
    answer = httpx.post(URL, json={"query": document, "variables": variables}, headers=TOKEN, timeout=20).json()
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]
    return found


def write(text: str, **more: str) -> str:
    """A post of Ada's; its id."""
    document = "mutation($input: CreatePostInput!) { createPost(input: $input) { post { id } } }"
    found: str = ask(document, input={"text": text, **more})["createPost"]["post"]["id"]
    return found


def real() -> dict[str, list[str] | list[int]]:
    """What there is, by what it is."""
    root = write("The root #fuzz")
    posts = [root, write("An answer", replyToId=root), write("A quotation", quotedPostId=root)]
    me = ask("{ viewer { user { id handle } } }")["viewer"]["user"]
    job = ask('mutation { generateImages(input: { prompt: "a cat" }) { job { id } } }')["generateImages"]["job"]
    upload = 'mutation { createImageUpload(input: { mimeType: "image/png", byteSize: 9 }) { upload { id } } }'
    ids = [*posts, me["id"], ask(upload)["createImageUpload"]["upload"]["id"], *([job["id"]] if job else [])]
    cursor = ask("{ exploreTimeline(first: 1) { pageInfo { endCursor } } }")["exploreTimeline"]["pageInfo"]["endCursor"]
    return {
        "ids": ids,
        "posts": posts,
        "people": [me["id"], os.environ["OTHER_ID"]],
        "names": [me["handle"], "fuzz", "#fuzz"],
        "sizes": [1, 2, 20, 100],
        "cursors": [cursor],
    }


BINDINGS = {
    "*.*.id": "ids", "*.*.ids[*]": "ids", "*.*.handle": "names", "*.*.name": "names", "*.*.first": "sizes", "*.*.last": "sizes",
    "*.*.after": "cursors", "*.*.before": "cursors", "Mutation.*.input.postId": "posts", "Mutation.*.input.userId": "people",
    "Mutation.*.input.replyToId": "posts", "Mutation.*.input.quotedPostId": "posts", "Mutation.*.input.jobId": "ids",
    "Mutation.*.input.uploadId": "ids", "Mutation.*.input.pinnedPostId": "posts",
}  # fmt: skip


def configure(place: Path) -> None:
    """Write the configuration with what is real."""
    lines = [f"dictionaries.{name}.values = {json.dumps(values)}" for name, values in real().items()]
    lines += [
        f"parameters.{json.dumps(key)} = {{ dictionary = {json.dumps(name)}, probability = 0.5 }}"
        for key, name in BINDINGS.items()
    ]
    place.write_text("\n".join([*lines, ""]))


def main() -> None:
    """Both runs; ends with the number of those that failed."""
    configure(Path("schemathesis.toml"))
    more = sys.argv[1:]
    signed_in = ["--header", f"Authorization: {TOKEN['Authorization']}", "--exclude-name", "Mutation.logOut"]
    failed = 0
    runs = (("signed out", list[str](), CASES_SIGNED_OUT), ("signed in", signed_in, CASES))
    for name, arguments, cases in runs:
        print(f"--- {name}", flush=True)
        examples = more or ["--max-examples", str(cases)]
        failed += subprocess.run([*RUN, *arguments, *examples], check=False).returncode != 0
    sys.exit(failed)


if __name__ == "__main__":
    main()

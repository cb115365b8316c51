"""Content Credentials and IPTC: what is signed is read back, whoever the file comes from, and pixels stay as they are."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import c2pa
import numpy
import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from provenance import xmp
from provenance.bare import bare
from provenance.credential import ANCHORS_FILE, CHAIN_FILE, KEY_FILE, BadCredential, Credential, load, made_here
from provenance.examining import as_json, from_json
from provenance.reading import Examiner, Found, Standing
from provenance.seal import Parent, Relation, Sealer, SealFault, SourceType, Story

KINDS = ("image/png", "image/jpeg", "image/webp", "lossless")
STORY = Story("A picture", "atelier", "atelier-1", facts={"picture": "f00"})


def drawn(kind: str, width: int = 64, height: int = 48, mode: str = "RGB", seed: int = 1) -> bytes:
    """A picture of noise as a file."""
    channels = {"RGB": 3, "RGBA": 4, "L": 1}[mode]
    noise = numpy.random.default_rng(seed).integers(0, 255, (height, width, channels), dtype=numpy.uint8)
    image = Image.fromarray(noise if channels > 1 else noise[:, :, 0], mode if channels > 1 else None)
    stream = io.BytesIO()
    if kind == "lossless":
        image.save(stream, "WEBP", lossless=True)
    else:
        image.save(stream, kind.removeprefix("image/").upper())
    return stream.getvalue()


def mime_type(kind: str) -> str:
    return "image/webp" if kind == "lossless" else kind


def pixels(data: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.mode, image.size, image.tobytes()


@pytest.fixture(scope="module")
def credential(tmp_path_factory: pytest.TempPathFactory) -> Credential:
    return made_here(tmp_path_factory.mktemp("signing"))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_signed_is_trusted_and_says_how_it_was_made(credential: Credential, kind: str) -> None:
    bare = drawn(kind)
    sealed = Sealer(credential, "https://fresque.example").sealed(bare, mime_type(kind), STORY)
    found = Examiner(credential.anchors).read(sealed, mime_type(kind))
    assert found.standing is Standing.TRUSTED
    assert found.failures == ()
    assert (found.generator, found.signer) == ("Fresque", "Fresque")
    assert found.source_types == (SourceType.TRAINED.value,)
    assert found.declared == SourceType.TRAINED.value
    assert found.facts == {"picture": "f00", "model": "atelier-1"}
    assert found.ancestors == ()
    assert pixels(sealed) == pixels(bare)


def test_somebody_else_who_does_not_know_us_sees_a_whole_signature_of_an_unknown(
    credential: Credential, tmp_path: Path
) -> None:
    sealed = Sealer(credential).sealed(drawn("image/png"), "image/png", STORY)
    assert Examiner(made_here(tmp_path).anchors).read(sealed, "image/png").standing is Standing.VALID
    nobody = Examiner("").read(sealed, "image/png")  # as it is where nothing signs: read all the same
    assert (nobody.standing, nobody.source_types) == (Standing.VALID, (SourceType.TRAINED.value,))
    # A reader that is not ours, as the library comes.
    with c2pa.Reader("image/png", io.BytesIO(sealed)) as reader:
        told = json.loads(reader.json())
    assert told["validation_state"] == "Valid"
    failures = told["validation_results"]["activeManifest"]["failure"]
    assert [failure["code"] for failure in failures] == ["signingCredential.untrusted"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_byte_breaks_it_and_encoding_anew_loses_it(credential: Credential, kind: str) -> None:
    bare = drawn(kind)
    sealed = bytearray(Sealer(credential).sealed(bare, mime_type(kind), STORY))
    examiner = Examiner(credential.anchors)
    at = sealed.find(bare[-400:-200])  # in the picture itself
    assert at > 0
    sealed[at + 100] ^= 1
    found = examiner.read(bytes(sealed), mime_type(kind))
    assert found.standing is Standing.INVALID
    assert "assertion.dataHash.mismatch" in found.failures
    assert examiner.read(bare, mime_type(kind)).standing is Standing.ABSENT


def test_a_chain_of_five_remixes_names_each_of_them(credential: Credential) -> None:
    sealer = Sealer(credential)
    current = sealer.sealed(drawn("image/jpeg"), "image/jpeg", STORY)
    remix = Story("A remix", "atelier", "atelier-1", SourceType.COMPOSITE_TRAINED)
    for turn in range(5):
        current = sealer.sealed(
            drawn("image/jpeg", seed=turn), "image/jpeg", remix, [Parent(current, "image/jpeg", title=f"turn {turn}")]
        )
    found = Examiner(credential.anchors).read(current, "image/jpeg")
    assert found.standing is Standing.TRUSTED
    assert found.ancestors == ("turn 4", "turn 3", "turn 2", "turn 1", "turn 0")
    assert found.source_types == (SourceType.COMPOSITE_TRAINED.value,)


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
def test_a_line_that_is_linked_is_not_carried_along(credential: Credential, kind: str) -> None:
    sealer, address = Sealer(credential), "https://fresque.example/lineage/image_1"
    plain = drawn(kind)
    before = bare(sealer.sealed(plain, kind, STORY))
    assert Examiner(credential.anchors).read(before, kind).standing is Standing.ABSENT
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(plain)) as other:
        assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()
    sealed = sealer.sealed(drawn(kind, seed=2), kind, STORY, [Parent(before, kind, address=address)])
    assert Examiner(credential.anchors).read(sealed, kind).standing is Standing.TRUSTED
    assert address.encode() in sealed


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xd8\xff\xeb\xff\xff", b"RIFF\xff\0\0\0WEBPC2PA", b"plain"]
)
def test_what_is_broken_stays_as_it_is(data: bytes) -> None:
    assert bare(data) == data


def test_a_reference_is_an_input_and_no_parent(credential: Credential) -> None:
    reference = Parent(drawn("image/webp"), "image/webp", Relation.INPUT, "reference")
    sealed = Sealer(credential).sealed(drawn("image/png"), "image/png", STORY, [reference])
    with c2pa.Reader("image/png", io.BytesIO(sealed)) as reader:
        told = json.loads(reader.json())
    manifest = told["manifests"][told["active_manifest"]]
    assert [(one["title"], one["relationship"]) for one in manifest["ingredients"]] == [("reference", "inputTo")]
    actions = next(one for one in manifest["assertions"] if one["label"].startswith("c2pa.actions"))["data"]["actions"]
    assert [action["action"] for action in actions] == ["c2pa.created"]
    assert len(actions[0]["parameters"]["ingredients"]) == 1
    assert Examiner(credential.anchors).read(sealed, "image/png").standing is Standing.TRUSTED


def test_many_threads_sign_at_once(credential: Credential) -> None:
    sealer, examiner = Sealer(credential), Examiner(credential.anchors)
    pictures = [drawn("image/webp", seed=seed) for seed in range(24)]
    with ThreadPoolExecutor(4) as pool:
        sealed = list(pool.map(lambda picture: sealer.sealed(picture, "image/webp", STORY), pictures))
        found = list(pool.map(lambda picture: examiner.read(picture, "image/webp"), sealed))
    assert {one.standing for one in found} == {Standing.TRUSTED}


def test_what_is_no_picture_is_not_signed_and_says_nothing(credential: Credential) -> None:
    with pytest.raises(SealFault):
        Sealer(credential).sealed(b"no picture", "image/png", STORY)
    assert Examiner(credential.anchors).read(b"no picture", "image/png").standing in (Standing.ABSENT, Standing.INVALID)


@given(st.binary(max_size=400), st.sampled_from((b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"RIFF\x40\0\0\0WEBP")))
def test_no_bytes_of_a_stranger_raise(data: bytes, head: bytes) -> None:
    assert xmp.found_in(head + data) is None or isinstance(xmp.found_in(head + data), bytes)
    xmp.source_type_of(head + data)


@given(
    st.sampled_from(KINDS),
    st.integers(1, 70),
    st.integers(1, 70),
    st.sampled_from(("RGB", "RGBA", "L")),
    st.integers(0, 9),
)
def test_a_packet_goes_into_any_picture_and_its_pixels_stay(
    kind: str, width: int, height: int, mode: str, seed: int
) -> None:
    if kind == "image/jpeg" and mode == "RGBA":
        mode = "RGB"
    bare = drawn(kind, width, height, mode, seed)
    once = xmp.put_in(bare, xmp.packet("algorithmicMedia", 'a <tool> & "more"', "credit"))
    told = xmp.packet("trainedAlgorithmicMedia", "tool", "credit", "été & <b>")
    twice = xmp.put_in(once, told)
    assert xmp.source_type_of(once) == "algorithmicMedia"
    assert xmp.found_in(twice) == told
    assert pixels(twice) == pixels(bare)
    with Image.open(io.BytesIO(twice)) as image:  # as a reader that is not ours finds it
        assert b"trainedAlgorithmicMedia" in _packet_by_pillow(image)


def _packet_by_pillow(image: Image.Image) -> bytes:
    image.load()
    found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return found.encode() if isinstance(found, str) else bytes(found)


def test_processes_that_start_at_once_share_one_credential(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys; from provenance.credential import made_here;"
        "print(made_here(pathlib.Path(sys.argv[1])).chain)"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    chains = {child.communicate(timeout=60)[0].strip() for child in children}
    assert chains == {made_here(tmp_path).chain.strip()}
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_credential_is_a_leaf_that_may_sign_and_nothing_else(credential: Credential) -> None:
    leaf, root = x509.load_pem_x509_certificates(credential.chain.encode())
    assert leaf.issuer == root.subject
    leaf.verify_directly_issued_by(root)
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert leaf.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    assert not leaf.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_files_that_do_not_fit_each_other_are_refused(tmp_path: Path) -> None:
    made_here(tmp_path / "a")
    made_here(tmp_path / "b")
    key, chain, roots = (tmp_path / "a" / name for name in (KEY_FILE, CHAIN_FILE, ANCHORS_FILE))
    assert load(key, chain).anchors == load(key, chain, roots).anchors
    with pytest.raises(BadCredential, match=CHAIN_FILE):
        load(key, tmp_path / "b" / CHAIN_FILE)
    with pytest.raises(BadCredential, match="no private key"):
        load(chain, chain)
    with pytest.raises(BadCredential, match="holds no certificates"):
        load(key, key)


def test_what_a_file_says_holds_nothing_that_the_database_does_not_keep() -> None:
    said = Found(Standing.VALID, generator="evil\0name", source_types=("trained\0",), declared="\0")
    found = from_json(as_json(said))
    assert (found.generator, found.source_types, found.declared) == ("evilname", ("trained",), "")

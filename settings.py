"""Every environment variable, typed, read once.

`settings()` reads the environment (and `.env`, when there is one) at its first call and keeps the answer for the life of
the process. Tests make their own `Settings` with `dataclasses.replace`. `.env.example` lists every variable.
"""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

SHORTEST_KEY_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """What the process was told. Names are the environment variables in lower case; units are in the names. What is secret, or holds a
    password, is shown by no `repr`."""

    database_url: str = field(default="postgres://fresque@127.0.0.1:5432/fresque", repr=False)
    redis_url: str = field(default="redis://127.0.0.1:6379/0", repr=False)
    s3_endpoint_url: str = "http://127.0.0.1:8333"
    s3_public_endpoint_url: str = ""  # where browsers reach the bucket; empty: as s3_endpoint_url
    s3_bucket: str = "fresque"
    s3_region: str = "us-east-1"
    s3_access_key: str = field(default="", repr=False)
    s3_secret_key: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""  # how the world reaches us; empty: http://host:port
    allowed_origins: str = ""  # origins, comma separated, whose pages may ask here with cookies; *: others without
    http_profile: str = "audits"  # status codes: audits, or draft-2026 (the working draft of GraphQL over HTTP)
    trusted_proxies: str = ""  # addresses and networks, comma separated, whose X-Forwarded-For and -Proto are believed
    secret_key: str = field(default="", repr=False)  # signs picture addresses; at least 32 characters
    signing_key_file: str = ""  # PEM of the EC P-256 key that signs pictures made here; empty: see signing_folder
    signing_chain_file: str = ""  # PEM of its certificates, leaf first
    signing_roots_file: str = ""  # PEM of the authorities believed when reading; empty: the last of the chain
    signing_folder: str = ""  # where a key and a chain of this installation are made and kept; empty: nothing is signed
    watermark: bool = True  # an invisible mark in every picture made here
    watermark_key: str = field(
        default="", repr=False
    )  # decides how marks look; at least 32 characters; empty: secret_key does
    development: bool = False  # GraphiQL, field suggestions
    trusted_documents: str = ""  # manifests of trusted documents: files and folders of *.json, comma separated
    trusted_only: bool = False  # run nothing but trusted documents
    rate_limit_points_signed_in: int = 20_000  # points an hour for one person, over all transports; 0: no limit
    rate_limit_points_signed_out: int = 5_000  # the same for one address (IPv6: /64) of nobody signed in
    rate_limit_burst_signed_in: int = 0  # points that may be spent at once; 0: an hour's
    rate_limit_burst_signed_out: int = 0
    rate_limit_sign_ins: int = 60  # tries to sign in or up from one address in 15 minutes; 0: no limit
    rate_limit_passwords: int = (
        20  # wrong passwords for one name in 4 hours, from anywhere but known browsers; 0: no limit
    )
    rate_limit_sign_ups: int = 20  # accounts opened from one network in 24 hours; 0: no limit
    rate_limit_letters: int = 20  # letters asked for from one network in an hour, signed in or not; 0: no limit
    rate_limit_verifications: int = 30  # pictures handed in to be checked from one address in 15 minutes; 0: no limit
    oidc_issuer: str = ""  # an OpenID Connect provider with whom people may sign in: its issuer; empty: none
    oidc_client_id: str = ""  # what we are called there
    oidc_client_secret: str = field(default="", repr=False)  # and prove it by; empty: a public client
    oidc_name: str = ""  # how people are told of it; empty: its host
    app_registrations: int = 20  # apps that may register themselves from one address in an hour; 0: none may
    rate_limit_required: bool = False  # refuse everything while Redis cannot count points, in place of counting none
    metrics_from: str = "127.0.0.0/8,::1"  # addresses and networks, comma separated, that may look at /metrics
    metrics_token: str = field(default="", repr=False)  # a bearer token with which anybody may; empty: none
    security_contact: str = (
        ""  # where holes are reported, as mailto:security@fresque.example, comma separated; empty: nowhere
    )
    sign_up_mode: str = (
        "open"  # who may open an account: open (anybody), invite (who has an invitation), closed (nobody)
    )
    invitation_budget: int = 5  # places that one person may give away in 30 days; 0: only whoever runs this place
    session_days: int = 90
    argon2_memory_kib: int = 19_456
    argon2_time_cost: int = 2
    database_pool_size: int = 12
    home_lists: int = 2_000  # readers whose homes an API process keeps as lists of ids, about 10 KB each; 0: none
    job_queued_cap: int = 0  # jobs one person may have waiting or running; 0: as the tier says
    job_start_seconds: int = 3_600  # a job not started by then expires
    job_finish_seconds: int = 600  # a job started and not finished by then times out
    job_running_cap: int = 0  # jobs one person may have running at once; 0: as the tier says
    job_lease_seconds: int = 15  # silence after which a worker is given up; longer for large and slow work
    job_lease_most_seconds: int = 120
    job_max_attempts: int = 3
    worker_concurrency: int = 1
    engines_file: str = ""  # TOML that names outside engines (docs/engines.md); empty: the built-in one alone
    text_model_url: str = ""  # base address of an OpenAI-compatible server that writes prompts further; empty: rules do
    text_model_key: str = field(default="", repr=False)  # its key; empty: none is shown
    text_model_name: str = ""  # the model to ask for; empty: rules do
    check_prompts: bool = True  # whether rules for words are asked before anything is made
    check_rules_file: str = ""  # TOML with the rules (as safety/rules.toml); empty: that one
    check_pictures: bool = True  # whether a classifier looks at what was made
    check_text: str = "outside"  # whether text in pictures is read: of engines outside, all, none
    check_bans: bool = True  # whether pictures, made or uploaded, are compared with those that are banned
    check_previews: bool = True  # whether partial pictures are looked at before anybody sees them
    check_uploads: bool = True  # whether a classifier marks uploads as sensitive
    check_review_percent: int = 80  # how sexual a made picture looks to be held for a person; 0: never
    check_block_percent: int = 97  # to be blocked; 0: never
    check_upload_percent: int = 80  # an upload, to be marked as sensitive
    check_doubt: str = "review"  # what follows between the two: review, or allow
    check_fault: str = "review"  # what follows when a check fails or takes too long: review, allow or block
    check_seconds: int = 10  # how long a picture is looked at, with waiting for others
    review_jobs_cap: int = 20  # jobs of one person that may wait for a person's look at once
    review_days: int = 30  # after so many, what nobody has looked at is refused
    upload_max_bytes: int = 16 * 1024 * 1024
    link_cards: bool = True  # whether `work` reads the pages that posts link to
    outside_loopback_hosts: str = (
        ""  # development and tests: hosts, comma separated, that webhooks may reach on this machine
    )
    smtp_url: str = field(default="", repr=False)  # smtps://user:password@host: the server that mail is handed to
    mail_from: str = ""  # who writes, as Fresque <post@fresque.example>; empty: no-reply at the host of public_url
    mail_folder: str = ""  # where letters are kept as files in place of being sent, when there is no server
    notification_days: int = 180  # after so many, notifications are deleted; 0: never
    passkey_domain: str = ""  # the domain passkeys are made for (rpId), for good; empty: the host of public_url
    passkey_origins: str = ""  # origins, comma separated, whose pages may ask for them; empty: that of public_url
    vapid_key: str = field(
        default="", repr=False
    )  # signs what is pushed to browsers (`python -m outside.push`); empty: nothing is pushed
    checkpoint: str = ""  # tests only: name of the place where the process kills itself

    @property
    def base_url(self) -> str:
        """The origin in every address we hand out, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def sends_mail(self) -> bool:
        """Whether letters go out."""
        return bool(self.smtp_url or self.mail_folder)

    @property
    def sends_links(self) -> bool:
        """Whether letters go out that carry a link with a secret, which is worked out of `SECRET_KEY`."""
        return self.sends_mail and len(self.secret_key) >= SHORTEST_KEY_CHARACTERS

    @property
    def bucket_url(self) -> str:
        """The origin of the bucket as browsers see it, without a slash at the end."""
        return (self.s3_public_endpoint_url or self.s3_endpoint_url).rstrip("/")


def read(environment: dict[str, str]) -> Settings:
    """Settings from variables; a value that cannot be read stops the process with a sentence that names it."""
    found: dict[str, object] = {}
    for one in fields(Settings):
        raw = environment.get(one.name.upper())
        if raw is None:
            continue
        try:
            found[one.name] = _parse(raw, type(one.default))
        except ValueError as error:
            raise SystemExit(f"{one.name.upper()} cannot be read: {raw!r} ({error}).") from error
    return Settings(**found)  # type: ignore[arg-type]  # fields() and _parse agree on the types


def _parse(raw: str, kind: type) -> object:
    if kind is bool:
        if raw.lower() not in ("0", "1", "true", "false", "yes", "no", ""):
            raise ValueError("say true or false")
        return raw.lower() in ("1", "true", "yes")
    return int(raw) if kind is int else raw


def dotenv(path: Path) -> dict[str, str]:
    """`KEY=value` lines of a file; blank lines and lines that start with `#` are passed over."""
    if not path.is_file():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines() if line.strip() and line.strip()[0] != "#")
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}


@cache
def settings() -> Settings:
    """The settings of this process: the environment over `.env` in the working directory."""
    return read({**dotenv(Path(".env")), **os.environ})


def key_in(name: str) -> str | None:
    """A secret that some file names by its variable (`engines_file` does): never kept, never printed; None when not set."""
    return os.environ.get(name) or dotenv(Path(".env")).get(name) or None


_UNSEEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class OneLine(logging.Formatter):
    """Writes each message in one line: what somebody else named cannot look like a line, or a colour, of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, with escapes for what does not show. A traceback comes below it as it is."""
        return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], super().formatMessage(record))


def set_up_logging() -> None:
    """One line per message on standard error: level, who, what. Libraries speak only when something is wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in ("tortoise", "asyncio", "botocore", "aiobotocore", "httpx2", "openai"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("asyncpg").setLevel(logging.ERROR)  # of a lost database others here tell, in one line

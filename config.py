"""Settings of the application, read from the environment with the standard library alone.

`load()` is called once by the application factory. It may not import anything of `lms`.
Without `APP_ENV=production` the settings are those of development: the secret is made once
under `instance/`, which is found from this file and not from the working directory, so that
the server and every command agree with nothing set.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

PROJECT = Path(__file__).resolve().parent
MODES = ("development", "production", "testing")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DATABASES = ("sqlite:///", "postgres://", "postgresql://", "postgresql+psycopg://")
MAILS = ("smtp", "smtps", "file", "log", "memory")
SECRET = 32  # the fewest characters of a secret


class SettingsError(RuntimeError):
    """A setting is missing or unreadable; the message says which one and what was expected."""


@dataclass(frozen=True)
class Settings:
    """Every setting with its meaning. Times are in seconds unless the name says otherwise."""

    env: str = "development"
    instance: Path = PROJECT / "instance"
    migrations: Path = PROJECT / "migrations"
    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    base_url: str = "http://127.0.0.1:8000"
    port: int = 8000
    media: Path = PROJECT / "instance" / "media"
    issuer: Path = PROJECT / "instance" / "issuer"
    cache: Path = PROJECT / "instance" / "cache"
    hospital: str = "Example General Hospital"
    product: str = "Informatics Academy"
    timezone: str = "UTC"
    signatory_name: str = "M. Placeholder, MD"
    signatory_title: str = "Chief Medical Informatics Officer"
    mail_url: str = "log:"
    mail_from: str = "academy@example.org"
    limiter_url: str = "memory://"
    trusted_proxies: int = 0
    workers: int = 2
    session_hours: int = 12
    idle_minutes: int = 60
    small_group: int = 5
    api_per_minute: int = 1200
    log_level: str = "INFO"
    testing: bool = False

    @property
    def production(self) -> bool:
        """Whether the safeguards of production apply."""
        return self.env == "production"

    @property
    def https(self) -> bool:
        """Whether browsers reach us by TLS; decides Secure cookies and HSTS."""
        return self.base_url.startswith("https://")

    def flask(self) -> dict[str, object]:
        """The keys that Flask and its extensions read from `app.config`."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": database_address(self.database_url),
            "SESSION_COOKIE_NAME": "academy",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.https,
            "MAX_CONTENT_LENGTH": 64 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "WTF_CSRF_TIME_LIMIT": None,
            "RATELIMIT_STORAGE_URI": self.limiter_url,
            "RATELIMIT_HEADERS_ENABLED": True,
            "BABEL_DEFAULT_LOCALE": "en",
            "BABEL_DEFAULT_TIMEZONE": self.timezone,
            "TESTING": self.testing,
            "SETTINGS": self,
        }


def database_address(url: str) -> str:
    """The address as SQLAlchemy wants it; `postgres://` and `postgresql://` mean psycopg."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name, "").strip()
    if not raw:
        return default
    try:
        number = int(raw)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise SettingsError(f"{name} is {raw!r}; a whole number from {low} to {high} was expected.")
    return number


def _chosen(env: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    value = env.get(name, "").strip() or default
    if value not in choices:
        raise SettingsError(f"{name} is {value!r}; one of {', '.join(choices)} was expected.")
    return value


def _folder(env: Mapping[str, str], name: str, default: Path) -> Path:
    """A folder; a relative one stands in the project, so that the working directory never matters."""
    raw = env.get(name, "").strip()
    return (PROJECT / raw).resolve() if raw else default


def _database(env: Mapping[str, str], instance: Path, production: bool) -> str:
    given = env.get("DATABASE_URL", "").strip()
    if not given:
        if production:
            raise SettingsError("DATABASE_URL is not set; production needs the address of its database.")
        return f"sqlite:///{instance / 'academy.db'}"
    if not given.startswith(DATABASES):
        # The address may hold a password, so it is not repeated.
        raise SettingsError("DATABASE_URL is of an unknown kind; postgresql://… or sqlite:///FILE was expected.")
    return given


def _base_url(env: Mapping[str, str], port: int, production: bool) -> str:
    given = env.get("BASE_URL", "").strip()
    if not given:
        if production:
            raise SettingsError("BASE_URL is not set; production needs the address that people use.")
        return f"http://127.0.0.1:{port}"
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingsError(f"BASE_URL is {given!r}; an address such as https://academy.example.org was expected.")
    return given.rstrip("/")


def _media(env: Mapping[str, str], instance: Path) -> Path:
    given = env.get("MEDIA_URL", "").strip()
    if "://" in given and not given.startswith("file://"):
        raise SettingsError(f"MEDIA_URL is {given!r}; a folder or a file:// address was expected.")
    return (PROJECT / given.removeprefix("file://")).resolve() if given else instance / "media"


def _zone(env: Mapping[str, str], default: str) -> str:
    name = env.get("HOSPITAL_TIMEZONE", "").strip() or default
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SettingsError(f"HOSPITAL_TIMEZONE is {name!r}; a name such as Europe/London was expected.") from None
    return name


def _mail(env: Mapping[str, str], default: str) -> str:
    given = env.get("MAIL_URL", "").strip() or default
    if given.partition(":")[0] not in MAILS:
        # The address may hold a password, so it is not repeated.
        raise SettingsError("MAIL_URL is of an unknown kind; smtp://…, smtps://…, file:FOLDER or log: was expected.")
    return given


def _secret(env: Mapping[str, str], instance: Path, production: bool) -> str:
    given = env.get("SECRET_KEY", "").strip()
    if given:
        if production and len(given) < SECRET:
            raise SettingsError(f"SECRET_KEY is too short; {SECRET} characters or more were expected.")
        return given
    if production:
        raise SettingsError(f"SECRET_KEY is not set; production needs one of {SECRET} characters or more.")
    return _kept_secret(instance / "secret_key")


def _kept_secret(path: Path) -> str:
    """The development secret: made once, also when two processes start in the same moment."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_secret(path)
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsError(f"{path} can be neither read nor made ({fault}); a writable folder was expected.") from None
    if len(secret) < SECRET:
        raise SettingsError(f"{path} is damaged. Delete it; a new one is made, and everybody signs in again.")
    return secret


def _make_secret(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        # Linking fails where the name is taken, so of two processes one wins and both use its file.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises SettingsError for one that is unreadable or that production lacks."""
    env = os.environ if env is None else env
    mode = _chosen(env, "APP_ENV", "development", MODES)
    production = mode == "production"
    defaults = Settings()
    instance = _folder(env, "INSTANCE_PATH", defaults.instance)
    port = _number(env, "PORT", defaults.port, 1, 65535)
    queue = env.get("QUEUE_URL", "").strip()
    if queue not in ("", "database:"):
        raise SettingsError(f"QUEUE_URL is {queue!r}; the queue lives in the database, so 'database:' or nothing.")
    return Settings(
        env=mode,
        instance=instance,
        database_url=_database(env, instance, production),
        base_url=_base_url(env, port, production),
        port=port,
        media=_media(env, instance),
        issuer=_folder(env, "ISSUER_PATH", instance / "issuer"),
        cache=_folder(env, "CACHE_PATH", instance / "cache"),
        hospital=env.get("HOSPITAL_NAME", "").strip() or defaults.hospital,
        product=env.get("PRODUCT_NAME", "").strip() or defaults.product,
        timezone=_zone(env, defaults.timezone),
        signatory_name=env.get("SIGNATORY_NAME", "").strip() or defaults.signatory_name,
        signatory_title=env.get("SIGNATORY_TITLE", "").strip() or defaults.signatory_title,
        mail_url=_mail(env, defaults.mail_url),
        mail_from=env.get("MAIL_FROM", "").strip() or defaults.mail_from,
        limiter_url=env.get("LIMITER_URL", "").strip() or defaults.limiter_url,
        trusted_proxies=_number(env, "TRUSTED_PROXIES", defaults.trusted_proxies, 0, 10),
        workers=_number(env, "WEB_WORKERS", defaults.workers, 1, 64),
        session_hours=_number(env, "SESSION_HOURS", defaults.session_hours, 1, 24 * 30),
        idle_minutes=_number(env, "IDLE_MINUTES", defaults.idle_minutes, 1, 24 * 60),
        small_group=_number(env, "SMALL_GROUP", defaults.small_group, 5, 100),
        api_per_minute=_number(env, "API_PER_MINUTE", defaults.api_per_minute, 600, 1_000_000),
        log_level=_chosen(env, "LOG_LEVEL", defaults.log_level, LEVELS),
        testing=mode == "testing",
        secret_key=_secret(env, instance, production),  # last: nothing is made where another setting is refused
    )

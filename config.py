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
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent


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


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    raw = env.get(name, "").strip()
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise SettingsError(f"{name} is {raw!r}; a whole number was expected.") from None


def _secret(env: Mapping[str, str], instance: Path, production: bool) -> str:
    given = env.get("SECRET_KEY", "").strip()
    if given:
        if production and len(given) < 32:
            raise SettingsError("SECRET_KEY is too short; 32 characters or more were expected.")
        return given
    if production:
        raise SettingsError("SECRET_KEY is not set; production needs one of 32 characters or more.")
    return _kept_secret(instance / "secret_key")


def _kept_secret(path: Path) -> str:
    """The development secret: made once, also when two processes start in the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        draft.chmod(0o600)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises SettingsError where production lacks what it needs."""
    env = os.environ if env is None else env
    mode = env.get("APP_ENV", "development").strip() or "development"
    production = mode == "production"
    instance = Path(env.get("INSTANCE_PATH") or PROJECT / "instance").resolve()
    port = _number(env, "PORT", 8000)
    defaults = Settings()
    database = env.get("DATABASE_URL", "").strip()
    if production and not database:
        raise SettingsError("DATABASE_URL is not set; production needs the address of its database.")
    if production and not env.get("BASE_URL"):
        raise SettingsError("BASE_URL is not set; production needs the address that people use.")
    media = env.get("MEDIA_URL", "").strip()
    if media and "://" in media and not media.startswith("file://"):
        raise SettingsError(f"MEDIA_URL is {media!r}; a folder or a file:// address was expected.")
    queue = env.get("QUEUE_URL", "").strip()
    if queue not in ("", "database:"):
        raise SettingsError(f"QUEUE_URL is {queue!r}; the queue lives in the database, so 'database:' or nothing.")
    return Settings(
        env=mode,
        instance=instance,
        database_url=database or f"sqlite:///{instance / 'academy.db'}",
        secret_key=_secret(env, instance, production),
        base_url=(env.get("BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        port=port,
        media=Path(media.removeprefix("file://")) if media else instance / "media",
        issuer=Path(env.get("ISSUER_PATH") or instance / "issuer"),
        cache=Path(env.get("CACHE_PATH") or instance / "cache"),
        hospital=env.get("HOSPITAL_NAME") or defaults.hospital,
        product=env.get("PRODUCT_NAME") or defaults.product,
        timezone=env.get("HOSPITAL_TIMEZONE") or defaults.timezone,
        signatory_name=env.get("SIGNATORY_NAME") or defaults.signatory_name,
        signatory_title=env.get("SIGNATORY_TITLE") or defaults.signatory_title,
        mail_url=env.get("MAIL_URL") or defaults.mail_url,
        mail_from=env.get("MAIL_FROM") or defaults.mail_from,
        limiter_url=env.get("LIMITER_URL") or defaults.limiter_url,
        trusted_proxies=_number(env, "TRUSTED_PROXIES", 0),
        workers=_number(env, "WEB_WORKERS", 2),
        session_hours=_number(env, "SESSION_HOURS", defaults.session_hours),
        idle_minutes=_number(env, "IDLE_MINUTES", defaults.idle_minutes),
        small_group=_number(env, "SMALL_GROUP", defaults.small_group),
        api_per_minute=max(600, _number(env, "API_PER_MINUTE", defaults.api_per_minute)),
        log_level=env.get("LOG_LEVEL") or defaults.log_level,
        testing=env.get("APP_ENV") == "testing",
    )

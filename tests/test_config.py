"""Settings: development needs none, production refuses to start without its own, and every fault is named."""

from __future__ import annotations

import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import PROJECT, SettingsError, database_address, load

PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": "s" * 40,
    "DATABASE_URL": "postgresql://academy:secret@db.example.org/academy",
    "BASE_URL": "https://academy.example.org",
}


def test_development_needs_nothing_but_a_folder(tmp_path: Path) -> None:
    settings = load({"INSTANCE_PATH": str(tmp_path)})
    assert not settings.production
    assert settings.database_url == f"sqlite:///{tmp_path}/academy.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.issuer == tmp_path / "issuer"
    assert len(settings.secret_key) >= 32


def test_without_a_setting_everything_stands_in_the_project_and_not_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load({"SECRET_KEY": "given, so that none is made"})
    assert settings.instance == PROJECT / "instance"
    assert settings.migrations == PROJECT / "migrations"


def test_a_relative_folder_stands_in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load({"SECRET_KEY": "x", "INSTANCE_PATH": "build/here", "CACHE_PATH": "build/cache"})
    assert settings.instance == PROJECT / "build" / "here"
    assert settings.cache == PROJECT / "build" / "cache"


def test_the_secret_of_development_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    env = {"INSTANCE_PATH": str(tmp_path)}
    assert load(env).secret_key == load(env).secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def _secret_of(folder: str) -> str:
    return load({"INSTANCE_PATH": folder}).secret_key


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        for round_ in range(5):
            folder = str(tmp_path / str(round_))
            assert len(set(pool.map(_secret_of, [folder] * 8, chunksize=1))) == 1


def test_a_damaged_secret_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short")
    with pytest.raises(SettingsError, match="damaged"):
        load({"INSTANCE_PATH": str(tmp_path)})


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="writable folder"):
        load({"INSTANCE_PATH": str(tmp_path / "file")})


def test_production_starts_with_its_own_settings_and_makes_no_file(tmp_path: Path) -> None:
    settings = load({**PRODUCTION, "INSTANCE_PATH": str(tmp_path)})
    assert settings.production
    assert settings.https
    assert settings.flask()["SESSION_COOKIE_SECURE"] is True
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "BASE_URL"])
@pytest.mark.parametrize("value", [None, "", "   "])
def test_production_refuses_to_start_without(name: str, value: str | None) -> None:
    env = {key: each for key, each in PRODUCTION.items() if key != name}
    if value is not None:
        env[name] = value
    with pytest.raises(SettingsError, match=f"{name} is not set"):
        load(env)


def test_production_refuses_a_short_secret() -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY is too short"):
        load({**PRODUCTION, "SECRET_KEY": "s" * 31})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("APP_ENV", "prod", "development, production, testing"),
        ("PORT", "eighty", "from 1 to 65535"),
        ("PORT", "70000", "from 1 to 65535"),
        ("WEB_WORKERS", "0", "from 1 to 64"),
        ("TRUSTED_PROXIES", "-1", "from 0 to 10"),
        ("SESSION_HOURS", "0", "from 1 to"),
        ("IDLE_MINUTES", "0", "from 1 to"),
        ("SMALL_GROUP", "2", "from 5 to"),
        ("API_PER_MINUTE", "60", "from 600 to"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO"),
        ("BASE_URL", "academy.example.org", "https://academy.example.org"),
        ("BASE_URL", "https://example.org/academy", "https://academy.example.org"),
        ("DATABASE_URL", "mysql://root:hunter2@db/academy", "postgresql://"),
        ("MEDIA_URL", "s3://bucket", "file://"),
        ("QUEUE_URL", "redis://localhost", "database:"),
        ("MAIL_URL", "sendmail:hunter2", "smtp://"),
        ("HOSPITAL_TIMEZONE", "Mars/Olympus", "Europe/London"),
        ("HOSPITAL_TIMEZONE", "../../etc/passwd", "Europe/London"),
    ],
)
def test_an_unreadable_setting_is_named_with_what_was_expected(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError) as fault:
        load({**PRODUCTION, name: value})
    assert name in str(fault.value)
    assert words in str(fault.value)
    assert "hunter2" not in str(fault.value)


def test_the_port_makes_the_address_unless_one_is_given() -> None:
    assert load({"SECRET_KEY": "x", "PORT": "8123"}).base_url == "http://127.0.0.1:8123"
    assert load({"SECRET_KEY": "x", "PORT": "8123", "BASE_URL": "http://a.example/"}).base_url == "http://a.example"


def test_cookies_are_secure_only_where_people_come_by_tls() -> None:
    assert load({"SECRET_KEY": "x"}).flask()["SESSION_COOKIE_SECURE"] is False
    assert load(PRODUCTION).flask()["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://"])
def test_every_name_of_postgresql_means_the_installed_driver(prefix: str) -> None:
    assert database_address(f"{prefix}u@h/d") == "postgresql+psycopg://u@h/d"


def test_no_secret_shows_in_the_settings_as_text() -> None:
    assert PRODUCTION["SECRET_KEY"] not in repr(load(PRODUCTION))


@pytest.mark.slow
def test_a_command_in_production_without_settings_says_what_is_missing_in_one_line(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "APP_ENV": "production"}
    words = [sys.executable, "-m", "flask", "--app", str(PROJECT / "wsgi"), "routes"]
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Settings: DATABASE_URL is not set" in done.stderr
    assert "Traceback" not in done.stderr

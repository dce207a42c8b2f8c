"""Contact sheets: every lesson and every item of the courses in one small picture a course, to be looked at.

Publishes the courses into a database of its own, asks the application for each page as a learner would get it, and
photographs it in Chromium at desk and phone width. No server is started: the browser's requests are answered by the
application in this process.

    .venv/bin/python scripts/contact_sheets.py                          all courses, into docs/contact-sheets/
    .venv/bin/python scripts/contact_sheets.py cpoe-safe-orders --pages build/pages    one, and its pages in full size
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

import flask_migrate  # noqa: E402  (the project's folder must be on the path first)
from flask import Flask, abort, render_template_string  # noqa: E402
from flask.testing import FlaskClient  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, Route, sync_playwright  # noqa: E402

from assessments import registry  # noqa: E402
from assessments.answers import Branching  # noqa: E402
from assessments.model import Item  # noqa: E402
from config import Settings  # noqa: E402
from courses.framework import DEFAULT_FILE  # noqa: E402
from courses.reading import read_folder  # noqa: E402
from lms.accounts.services import create_account  # noqa: E402
from lms.app import create_app  # noqa: E402
from lms.catalog import queries as catalog  # noqa: E402
from lms.competency.services import import_framework  # noqa: E402
from lms.db import db  # noqa: E402
from lms.items import queries as items  # noqa: E402
from lms.publishing.services import PublishRefused, publish  # noqa: E402
from lms.web.guard import access  # noqa: E402
from scripts.contact_sheet_layout import Sheet, Tile, composed  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ORIGIN = "http://localhost"
WIDTHS = {"desk": 1440, "phone": 390}
STRIP = 12_000  # pixels of height that one screenshot may have
READER, PASSWORD = "reader@example.org", "long-enough-for-a-reader"
# The bank on one page, each item as it is asked and as it is looked back on, in the product's own widgets.
ITEMS_PAGE = """
{% extends "focus.html" %}
{% from "items/_widgets.html" import stem, fields, reviewed %}
{% block title %}Items{% endblock %}
{% block bar %}{% endblock %}
{% block main %}
<div class="wrap wrap--read stack stack--l">
{% for item, case, model, review in entries %}
<section class="check stack" data-tile="{{ item.id }}">
<p class="eyebrow">{{ item.id }} · {{ item.type }} · {{ item.competency }}</p>
{% if case %}
<div class="callout is-key">{{ icon('info') }}<p class="callout__title">{{ case.title }}</p>{{ case.stem|safe }}</div>
{% endif %}
{{ stem(model, 'tile-' ~ item.id, level='p') }}
{{ fields(model, none, 'tile-' ~ item.id) }}
<hr>
{{ reviewed(review) }}
</section>
{% endfor %}
</div>
{% endblock %}
"""


def application(home: Path) -> Flask:
    """Make the application on an empty database in `home`, with a page for items that the product does not have."""
    settings = Settings(
        env="testing", testing=True, secret_key="only-for-pictures-" * 3, database_url=f"sqlite:///{home}/sheets.db",
        instance=home, media=home / "media", issuer=home / "issuer", cache=home / "cache", mail_url="memory:",
        base_url=ORIGIN, hospital="Sample General Hospital", timezone="UTC",
    )  # fmt: skip
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False

    @access()
    def bank(code: str) -> str:
        version = catalog.current_version(code) or abort(404)
        held = items.bank(version.id)
        shown: set[str] = set()
        entries = []
        for item in held.items:
            first = item.case_id is not None and item.case_id not in shown
            shown |= {item.case_id} if item.case_id else set()
            case = held.case(item.case_id) if first and item.case_id else None
            entries.append((item, case, registry.present(item, item.id), _looked_back(item)))
        return render_template_string(ITEMS_PAGE, entries=entries)

    app.add_url_rule("/sheets/<code>", "sheets", bank)
    with app.app_context():
        flask_migrate.upgrade(directory=str(settings.migrations))
        text = DEFAULT_FILE.read_text(encoding="utf-8")
        import_framework(text, DEFAULT_FILE.name, actor=None, now=moment())
        create_account(READER, ["learner"], password=PASSWORD, actor=None, now=moment())
        db.session.commit()
    return app


def _looked_back(item: Item) -> dict[str, Any]:
    """Return the item after submission, with the feedback of every option and the consequence of every step shown."""
    found = registry.review(item, item.id, None)
    for option in found.get("options", ()):
        option["chosen"] = True
    if isinstance(item.answer, Branching):
        step = item.answer.steps[0]
        options = [
            {"html": one.text, "right": one.right, "chosen": True, "feedback_html": one.consequence}
            for one in step.branches
        ]
        found["steps"] = [{"title": step.title, "stem_html": "", "options": options}]
    return found


def moment() -> dt.datetime:
    """Return the present time."""
    return dt.datetime.now(dt.UTC)


def published(app: Flask, folder: Path) -> tuple[str, str, tuple[str, ...]]:
    """Publish a course; returns its code, its title and the slugs of its lessons."""
    with app.app_context():
        code = publish(read_folder(folder), folder.name, actor=None, now=moment()).code
        db.session.commit()
        version = catalog.current_version(code)
        if version is None:
            raise RuntimeError(f"{code} was published and is not there")
        return code, version.title, tuple(each.slug for each in catalog.lessons(version.id))


def answered_by(client: FlaskClient, route: Route) -> None:
    """Answer a request of the browser from the application."""
    request = route.request
    address = urlsplit(request.url)
    if f"{address.scheme}://{address.netloc}" != ORIGIN:
        route.abort()
        return
    path = address.path + (f"?{address.query}" if address.query else "")
    answer = client.open(path, method=request.method, data=request.post_data_buffer, headers=[("Accept", "*/*")])
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "set-cookie"}
    route.fulfill(status=answer.status_code, headers=headers, body=answer.get_data())


@contextmanager
def camera(browser: Browser, client: FlaskClient, width: int) -> Iterator[Page]:
    """Give a page of that width whose requests the application answers."""
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.route("**/*", lambda route: answered_by(client, route))
    try:
        yield page
    finally:
        context.close()


def opened(page: Page, path: str) -> None:
    """Open a page and wait until its fonts and pictures are there."""
    answer = page.goto(ORIGIN + path, wait_until="load")
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{path} answers {answer.status if answer else 'nothing'}")
    # Pictures further down are loaded lazily; a screenshot does not wait for them.
    missing = page.evaluate(
        """async () => {
             const all = [...document.images];
             all.forEach((one) => { one.loading = "eager"; });
             const shown = await Promise.all(all.map((one) => one.decode().then(() => true, () => false)));
             await document.fonts.ready;
             return all.filter((_, at) => !shown[at]).map((one) => one.src);
           }"""
    )
    if missing:
        raise RuntimeError(f"{path} shows pictures that cannot be read: {', '.join(missing)}")


def picture(data: bytes) -> Image.Image:
    """Return a screenshot as a picture."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def wider_than(page: Page, width: int) -> bool:
    """Whether the page scrolls sideways, which no page may."""
    return bool(page.evaluate("document.documentElement.scrollWidth") > width)


def cut_out(page: Page, width: int) -> Iterator[tuple[str, Image.Image]]:
    """Photograph every item of the page, in strips that the browser can hold, and cut the items out of them."""
    boxes: list[tuple[str, float, float, float, float]] = page.evaluate(
        """() => [...document.querySelectorAll("[data-tile]")].map((one) => {
             const box = one.getBoundingClientRect();
             return [one.dataset.tile, box.x + scrollX, box.y + scrollY, box.width, box.height];
           })"""
    )
    while boxes:
        top = boxes[0][2]
        held = [box for box in boxes if box[2] + box[4] <= top + STRIP] or boxes[:1]
        boxes = boxes[len(held) :]
        high = max(box[2] + box[4] for box in held) - top
        strip = picture(page.screenshot(full_page=True, clip={"x": 0, "y": top, "width": width, "height": high}))
        for label, left, down, wide, tall in held:
            yield label, strip.crop((int(left), int(down - top), int(left + wide), int(down - top + tall)))


def tiles_at(page: Page, name: str, code: str, slugs: Sequence[str]) -> tuple[list[Tile], list[str]]:
    """Photograph lessons and items at one width; returns the tiles and what is wrong with the pages."""
    width = WIDTHS[name]
    tiles: list[Tile] = []
    wrong: list[str] = []
    for slug in slugs:
        opened(page, f"/courses/{code}/lessons/{slug}")
        if wider_than(page, width):
            wrong.append(f"{code} {slug} scrolls sideways at {width} px")
        tiles.append(Tile(f"lessons-{name}", slug, picture(page.screenshot(full_page=True))))
    opened(page, f"/sheets/{code}")
    if wider_than(page, width):
        wrong.append(f"{code} items scroll sideways at {width} px")
    tiles += [Tile(f"items-{name}", label, cut) for label, cut in cut_out(page, width)]
    return tiles, wrong


def photographed(app: Flask, browser: Browser, folder: Path) -> tuple[Sheet, list[str]]:
    """Photograph a whole course; returns its sheet and what is wrong with its pages."""
    code, title, slugs = published(app, folder)
    client = app.test_client()
    client.post("/sign-in", data={"email": READER, "password": PASSWORD})
    client.post(f"/courses/{code}/enrol")
    tiles: list[Tile] = []
    wrong: list[str] = []
    for name, width in WIDTHS.items():
        with camera(browser, client, width) as page:
            found, faults = tiles_at(page, name, code, slugs)
            tiles += found
            wrong += faults
    return Sheet(f"{code}  {title}", tuple(tiles)), wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the sheets; returns 0, or 1 where a course could not be shown or a page scrolls sideways."""
    parser = argparse.ArgumentParser(description="Make contact sheets of courses.")
    parser.add_argument("courses", nargs="*", metavar="FOLDER", help="names of course folders; all without any")
    parser.add_argument("--content", type=Path, default=PROJECT / "courses" / "content", metavar="DIR")
    parser.add_argument("--out", type=Path, default=PROJECT / "docs" / "contact-sheets", metavar="DIR")
    parser.add_argument("--pages", type=Path, metavar="DIR", help="also keep every picture in full size here")
    chosen = parser.parse_args(arguments)
    folders = [chosen.content / name for name in chosen.courses]
    folders = folders or sorted(path.parent for path in chosen.content.glob("*/course.md"))
    failed = False
    logging.disable(logging.INFO)  # a line for each request would bury what is said here
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        app = application(Path(home))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for folder in folders:
            begun = time.monotonic()
            try:
                sheet, wrong = photographed(app, browser, folder)
            except (PublishRefused, OSError, ValueError, RuntimeError) as fault:
                print(f"{folder.name}: {fault}", file=sys.stderr)
                failed = True
                continue
            kept = kept_sheet(sheet, folder.name, chosen.out, chosen.pages)
            failed = failed or bool(wrong)
            for one in wrong:
                print(one, file=sys.stderr)
            size, took = kept.stat().st_size // 1000, time.monotonic() - begun
            print(f"{kept}: {len(sheet.tiles)} pictures, {size} kB, {took:.0f} s", flush=True)
        browser.close()
        with app.app_context():
            db.engine.dispose()
    return 1 if failed else 0


def kept_sheet(sheet: Sheet, name: str, out: Path, pages: Path | None) -> Path:
    """Write the sheet, and its pictures in full size where a folder for them is given."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{name}.webp"
    file.write_bytes(composed(sheet))
    if pages:
        for tile in sheet.tiles:
            folder = pages / name / tile.group
            folder.mkdir(parents=True, exist_ok=True)
            tile.picture.save(folder / f"{tile.label}.png")
    return file


if __name__ == "__main__":
    sys.exit(main())

"""A bare Flask page of one kilobyte: what every other figure is measured against."""

from flask import Flask

app = Flask(__name__)
BODY = "<!doctype html><title>Bare</title><p>" + "x" * 980 + "</p>"


@app.get("/")
def page() -> str:
    """One kilobyte."""
    return BODY

"""The address that servers and `flask --app wsgi` start from."""

from config import load
from lms.app import create_app

app = create_app(load())

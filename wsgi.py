"""The address that servers and `flask --app wsgi` start from."""

import sys

from config import SettingsError, load
from lms.app import create_app

try:
    app = create_app(load())
except SettingsError as fault:
    sys.exit(f"Settings: {fault}")

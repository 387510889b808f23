"""What the browser tests serve instead of `config.wsgi`: the same, with the settings beside this file."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.browser.settings"

from config.wsgi import application as application

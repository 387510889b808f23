"""The production settings, with the pages that only development has and two that fail on purpose."""

from tempfile import gettempdir

from config.settings.production import *  # noqa: F403
from config.settings.production import env
from config.settings.sources import mailer_config

ROOT_URLCONF = "tests.browser.urls"
SHOW_DEV_MAIL = True
MAILERS = {"default": mailer_config("", env.path("TRIAL_MAIL", gettempdir()))}

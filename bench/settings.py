"""A deploy as the README describes it, with one page more: the constant one that others are compared with."""

from config.settings.production import *  # noqa: F403
from config.settings.production import LOGGING

ROOT_URLCONF = "bench.urls"
LOGGING["root"]["level"] = "WARNING"

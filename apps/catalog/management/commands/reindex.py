from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.catalog.services.reindexing import reindex


class Command(BaseCommand):
    help = "Make the listings of all products again: what lists, search and filters show."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stale", action="store_true", help="only those that a release has made out of date")

    def handle(self, *args: Any, stale: bool, **options: Any) -> None:
        done = 0
        is_terminal = self.stdout.isatty()
        for done in reindex(stale=stale):
            if is_terminal:
                self.stdout.write("\r" + _("%(n)d products …") % {"n": done}, ending="")
                self.stdout.flush()
        if done or not stale:
            said = ngettext("%(n)d product listed anew.", "%(n)d products listed anew.", done) % {"n": done}
            self.stdout.write(("\r" if is_terminal else "") + said)

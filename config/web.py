"""What the Procfile's web line starts: the shop is loaded once, then its web processes are forked from it.

What they have in common from then on stands in memory once. Each imports the application for itself, so nothing that
belongs to one process, such as a connection or the queue's thread, is there before the fork. Where Python starts
processes anew instead of forking them, loading ahead gains nothing and harms nothing.
"""

import argparse
import gc
import os
from collections.abc import Iterator
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    asked = _arguments()
    load_ahead()
    Granian(
        asked.application,
        address="0.0.0.0",  # noqa: S104  (a platform's router comes from outside)
        port=asked.port,
        interface=Interfaces.WSGI,
        workers=asked.workers,
        blocking_threads=asked.threads,
        backlog=2048,
        respawn_failed_workers=True,
        workers_kill_timeout=25,
        websockets=False,
    ).serve()


def load_ahead() -> None:
    """Load code, words and templates that visitors need; opens no connection and starts no thread."""
    from django.apps import apps
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils.translation import gettext, override

    get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018  (reading them imports the views)
    for code, _ in settings.LANGUAGES:
        with override(code):
            gettext("Cart")
    for name in _templates_of_the_shop():
        get_template(name)
    for app in apps.get_app_configs():
        getattr(app, "load_ahead", lambda: None)()
    # What is alive now stays, so no collection has to look at it, and write to it, ever again.
    gc.collect()
    gc.freeze()


def _templates_of_the_shop() -> Iterator[str]:
    """Our own pages but the admin's, by the names under which they are loaded."""
    from django.apps import apps
    from django.template import engines

    own = [Path(app.path) / "templates" for app in apps.get_app_configs() if app.name.startswith("apps.")]
    for folder in [*(Path(folder) for engine in engines.all() for folder in engine.dirs), *own]:
        for path in sorted(folder.rglob("*.html")):
            if "admin" not in path.relative_to(folder).parts:
                yield path.relative_to(folder).as_posix()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.web", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--threads", type=int, default=8, help="requests that a process answers at the same time")
    parser.add_argument("application", nargs="?", default="config.wsgi:application")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""The shop with the constant page; with BENCH_BARE set, a Django that has nothing but that page."""

import os

bare = bool(os.environ.get("BENCH_BARE"))
os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare" if bare else "bench.settings"

if bare:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
else:
    from config.wsgi import application  # noqa: F401

"""The WSGI entry point of a deploy."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()

from apps.core.readable import ReadableRequest  # noqa: E402  (settings must be loaded first)
from apps.jobs.thread import start_queue_thread  # noqa: E402  (models must be loaded first)

application.request_class = ReadableRequest
start_queue_thread()

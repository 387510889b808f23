"""Nothing but Django and the settings that the environment names: the floor under every page."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

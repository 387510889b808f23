import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from apps.payments.documents.pdf import render_pdf  # noqa: E402
from apps.payments.tests import pdf_text  # noqa: E402
from apps.payments.tests.drawings.documents import DOCUMENTS, FOLDER  # noqa: E402

for name, make in DOCUMENTS.items():
    (FOLDER / f"{name}.txt").write_text(pdf_text.drawing(render_pdf(make())))

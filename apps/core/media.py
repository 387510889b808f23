"""Uploads, served by the shop itself where no bucket and no front server does it.

Pictures are shown, everything else is only ever downloaded: an uploaded page must not run under our name.
"""

import re
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils._os import safe_join
from django.utils.http import http_date
from django.views import View
from django.views.static import was_modified_since

SHOWN = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
# A name with a hash of its content never changes what it means.
_HASHED = re.compile(r"(^|[.-])[0-9a-f]{16,64}[.-]")


class MediaView(View):
    access = "public"

    def get(self, request: HttpRequest, path: str) -> HttpResponse | FileResponse:
        file = find(path)
        changed = int(file.stat().st_mtime)
        if not was_modified_since(request.headers.get("If-Modified-Since"), changed):
            return HttpResponseNotModified()
        content_type = SHOWN.get(file.suffix.lower())
        return FileResponse(
            file.open("rb"),
            as_attachment=content_type is None,
            content_type=content_type or "application/octet-stream",
            headers={
                "Last-Modified": http_date(changed),
                "Cache-Control": "public, max-age=31536000, immutable" if _HASHED.search(file.name) else "no-cache",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                # Pictures are compressed already; without this the gzip middleware would do it again, for nothing.
                "Content-Encoding": "identity",
            },
        )


def find(path: str) -> Path:
    """The file below MEDIA_ROOT; raises Http404 for one that is missing or outside, by dots or by a link."""
    root = Path(settings.MEDIA_ROOT).resolve()
    try:
        file = Path(safe_join(root, path)).resolve()
        found = file.is_relative_to(root) and file.is_file()
    except (SuspiciousFileOperation, ValueError, OSError) as error:
        raise Http404 from error
    if settings.S3_BUCKET or not found:
        raise Http404
    return file

"""Pages kept in the process for everybody, each dropped as soon as the journal says that something on it has changed.

docs/performance.md tells what the tags mean and what is never kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import get_language

from apps.core.packing import Packing
from apps.core.pieces import PiecedResponse, Pieces
from apps.pages import journal

# Changed so much at once that going through the tags would be slower than making the pages again.
EVERYTHING = "everything"
# A thread that waits longer for another one to make its page makes it itself.
LONGEST_WAIT = 10.0
# Beside the texts of a page: its key, headers and the objects that hold them.
_OVERHEAD = 1_600


@dataclass(slots=True)
class KeptPage:
    pieces: Pieces
    headers: dict[str, str]
    tags: str  # with spaces between them: a list of short texts would take five times as much
    counted: int = 0  # what the store believes that it takes
    has_all_headers: bool = False  # those of what stands around the view, too, as a stranger gets them

    @property
    def size(self) -> int:
        return self.pieces.size + len(self.tags) + _OVERHEAD

    def response(self) -> PiecedResponse:
        return PiecedResponse(self.pieces, self.headers)


class Store:
    """The pages that were asked for last, within `most` bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.bytes = 0
        self._number = -1
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._packings: dict[Hashable, Packing] = {}
        self._being_made: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def catch_up(self, number: int) -> None:
        """Drop what has changed up to this number of the journal."""
        if number == self._number:
            return
        with self._lock:
            before = self._number
        if number < before:
            # A request that began before another one's change, or else another database.
            number = journal.now()
        tags = journal.changes(before, number) if before >= 0 else None
        with self._lock:
            if self._number != before:  # another thread was quicker, and dropped at least as much
                return
            self._number = number
            if tags is None or EVERYTHING in tags:
                self._clear()
            else:
                # Two milliseconds for a thousand pages; a book of who has which tag would be larger than the pages.
                changed = frozenset(tags)
                for key in [key for key, page in self._pages.items() if not changed.isdisjoint(page.tags.split())]:
                    self._drop(key)
            if not self._pages:
                self._packings.clear()  # the next page is a better model than one that is gone

    def __contains__(self, key: Hashable) -> bool:
        return key in self._pages

    def get(self, key: Hashable) -> KeptPage | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
                self._count(page)  # once it has been asked for, it is kept in another form, too
                self._make_room()
            return page

    def packing(self, kind: Hashable, content: bytes) -> Packing:
        """How pages of this kind are kept: against the first of them."""
        return self._packings.get(kind) or self._packings.setdefault(kind, Packing(content))

    def put(self, key: Hashable, page: KeptPage, number: int) -> None:
        """Keep a page that was read at this number of the journal, unless something has changed since."""
        with self._lock:
            if number != self._number or page.size > self.most:
                return
            self._drop(key)
            self._pages[key] = page
            self._count(page)
            self._make_room()

    def one_at_a_time(self, key: Hashable) -> threading.Event | None:
        """None for the thread that is to make the page, which calls `made`; for others what to wait for."""
        with self._lock:
            event = self._being_made.get(key)
            if event is None:
                self._being_made[key] = threading.Event()
            return event

    def made(self, key: Hashable) -> None:
        with self._lock:
            self._being_made.pop(key).set()

    def forget(self) -> None:
        """Begin anew, as in a process that has just started."""
        with self._lock:
            self._clear()
            self._number = -1

    def _clear(self) -> None:
        self._pages.clear()
        self._packings.clear()
        self.bytes = 0

    def _drop(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.bytes -= page.counted

    def _count(self, page: KeptPage) -> None:
        size = page.size
        self.bytes += size - page.counted
        page.counted = size

    def _make_room(self) -> None:
        while self.bytes > self.most:
            self._drop(next(iter(self._pages)))


store = Store(settings.KEPT_PAGES_BYTES)


class KeptPageMixin:
    """A view whose pages are the same for everybody but for placeholders. Stands before FragmentMixin.

    The view says by `get_kept_query` which address the page has once everything is dropped that makes no difference,
    and by `get_kept_tags` what the finished page depends on. For either, None means: not kept.
    """

    kept_tags: ClassVar[frozenset[str]] = frozenset({"shop", "categories"})
    request: HttpRequest

    def get_kept_query(self) -> str | None:
        return ""

    def get_kept_tags(self, response: TemplateResponse) -> Iterable[str] | None:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        def make() -> HttpResponse:
            response: HttpResponse = super(KeptPageMixin, self).dispatch(request, *args, **kwargs)  # type: ignore[misc]
            return response

        if request.method not in {"GET", "HEAD"} or settings.DEBUG:
            return make()
        number = journal.at(request)
        store.catch_up(number)
        query = self.get_kept_query()
        if query is None:
            return make()
        key = (get_language(), request.path, query, self._get_swapped())
        page = store.get(key)
        if page is None:
            return self._make(key, make, number)
        return page.response()

    def _make(self, key: tuple[Any, ...], make: Callable[[], HttpResponse], number: int) -> HttpResponse:
        waiting = store.one_at_a_time(key)
        if waiting:
            waiting.wait(LONGEST_WAIT)
            page = store.get(key)
            return page.response() if page else make()
        try:
            return self._keep(key, make, number)
        finally:
            store.made(key)

    def _keep(self, key: tuple[Any, ...], make: Callable[[], HttpResponse], number: int) -> HttpResponse:
        request, query = self.request, key[2]
        # What was dropped from the address must not come back in a link of the page.
        if request.META.get("QUERY_STRING", "") != query:
            request.META["QUERY_STRING"], request.GET = query, QueryDict(query)
        before = _touched(request)
        response = make()
        if not isinstance(response, TemplateResponse):
            return response
        response.render()
        tags = self.get_kept_tags(response)
        if tags is None or response.status_code != 200 or response.cookies or _touched(request) != before:
            return response
        language, _, _, swapped = key
        pieces = Pieces(response.content)
        packed = pieces.packed(store.packing((language, swapped), response.content))
        page = KeptPage(packed, dict(response.headers), " ".join(self.kept_tags.union(tags)))
        store.put(key, page, number)
        return PiecedResponse(packed, page.headers, pieces)

    def _get_swapped(self) -> str | None:
        """The element that htmx is about to swap, where the view has a part of its page for it."""
        get_partial = getattr(self, "get_partial", None)
        return self.request.htmx.target if get_partial and get_partial() else None  # type: ignore[attr-defined]


def _touched(request: HttpRequest) -> tuple[bool, ...]:
    """What has been read of the visitor: a page made with it is nobody else's."""
    session = getattr(request, "session", None)
    return (
        bool(session is not None and session.accessed),
        "_stoa_owner" in request.__dict__,
        "CSRF_COOKIE_NEEDS_UPDATE" in request.META,
    )

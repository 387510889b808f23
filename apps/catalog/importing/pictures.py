"""Pictures that a file names: from a folder or from the web, stored once, prepared by a job afterwards."""

import hashlib
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from apps.catalog.importing.drafts import PictureDraft, ProductDraft
from apps.catalog.importing.fetching import SIZE_LIMIT, Fetcher, FetchFailed
from apps.catalog.importing.translating import merged, of_field
from apps.catalog.importing.writing import Written
from apps.catalog.models import ProductImage
from apps.catalog.services import publish_now
from apps.catalog.services.images import make_renditions
from apps.catalog.services.picture_limits import PIXEL_LIMIT

AT_ONCE = 6
FORMATS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "gif"}
READABLE = [kind for kind in FORMATS if kind != "MPO"]  # a camera's pair of JPEGs, read as JPEG
ORIENTATION = 0x0112
SIDEWAYS = 5
# After so many silent answers a host is not asked again in this run.
PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Content:
    body: bytes
    extension: str
    width: int
    height: int


@dataclass(slots=True)
class PictureResult:
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str, str]] = field(default_factory=list)


def identity(source: str) -> str:
    """The address without the version that some systems put behind it."""
    return re.sub(r"(?<=[?&])v=[^&#]*&?", "", spaceless(source)).rstrip("?&")


def spaceless(source: str) -> str:
    return source.strip().replace(" ", "%20")


def address_of(image: ProductImage) -> str:
    """Where the picture came from, or where the shop itself shows it; "" for those drawn for the demo."""
    if image.source_url or not image.file:
        return spaceless(image.source_url)
    return urljoin(f"{settings.SITE_URL}/", image.file.url.partition("?")[0])


@dataclass(slots=True)
class Pictures:
    """`folder` is looked into first; what is not there comes from the web."""

    fetcher: Fetcher
    folder: Path | None
    dry_run: bool
    _silent: Counter[str] = field(default_factory=Counter)

    def attach(self, drafts: Sequence[ProductDraft], written: Written) -> PictureResult:
        """Bring the products' pictures in line with the file; marks the rows in `written`. No transaction is open."""
        result = PictureResult()
        known = self._known(written.product_ids.values())
        wanted: list[tuple[ProductDraft, PictureDraft, ProductImage]] = []
        changed: set[int] = set()
        for draft in drafts:
            product_id = written.product_ids.get(draft.slug)
            if product_id is None:
                continue
            ordered = draft.states_positions or not _in_order(draft, product_id, known)
            for picture in draft.pictures:
                image = known.get((product_id, identity(picture.source)))
                if image is None or _differs(image, picture):
                    wanted.append((draft, picture, image or ProductImage(product_id=product_id)))
                elif self._follow(picture, image, ordered):
                    self._tell(result, written, picture, "updated")
                    changed.add(product_id)
                else:
                    self._tell(result, written, picture, "unchanged")
        if changed and not self.dry_run:
            with transaction.atomic():
                publish_now(changed)
        for group in batched(wanted, AT_ONCE, strict=False):
            self._load_and_store(group, result, written)
        return result

    def _known(self, product_ids: Iterable[int]) -> dict[tuple[int, str], ProductImage]:
        images = ProductImage.objects.filter(product_id__in=list(product_ids)).exclude(source_url="", file="")
        return {(image.product_id, identity(address_of(image))): image for image in images}

    def _follow(self, picture: PictureDraft, image: ProductImage, ordered: bool) -> bool:
        wanted: dict[str, Any] = {"position": picture.position} if ordered else {}
        if picture.alt or picture.is_exact:
            wanted["alt"] = picture.alt
        if picture.texts:
            wanted["translations"] = merged(image.translations, of_field("alt", picture.texts))
        if picture.variant is not None and picture.variant.pk:
            wanted["variant_id"] = picture.variant.pk
        changed = {name: value for name, value in wanted.items() if getattr(image, name) != value}
        if changed and not self.dry_run:
            ProductImage.objects.filter(pk=image.pk).update(**changed)
        return bool(changed)

    def _tell(self, result: PictureResult, written: Written, picture: PictureDraft, outcome: str) -> None:
        result.counts[outcome] += 1
        of_variant = picture.row in written.rows
        written.mark(picture.row, "updated" if of_variant and outcome == "created" else outcome)

    def _load_and_store(
        self,
        group: Sequence[tuple[ProductDraft, PictureDraft, ProductImage]],
        result: PictureResult,
        written: Written,
    ) -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            contents = list(threads.map(self._load, [picture.source for _draft, picture, _image in group]))
        for (draft, picture, image), content in zip(group, contents, strict=True):
            if isinstance(content, str):
                result.counts["failed"] += 1
                result.failures.append((picture.row, picture.source, content))
                if picture.row not in written.rows:
                    written.failed.setdefault(picture.row, content)
                continue
            outcome = "created" if image.pk is None else "updated"
            if content is not None:
                self._store(draft, picture, image, content)
            self._tell(result, written, picture, outcome)

    def _load(self, source: str) -> Content | str | None:
        """The picture, or a sentence why not; None where a dry run would ask the web.

        Several run beside each other, so nothing here touches the database.
        """
        if len(source) > 1000:
            return _("The address is longer than 1000 characters.")
        try:
            body = self._from_folder(source)
            if body is not None:
                return decode(body)
            if self.dry_run and source.lower().startswith("https://"):
                return None
            return decode(self._from_web(source))
        except FetchFailed as error:
            return str(error)

    def _from_folder(self, source: str) -> bytes | None:
        """A file of the folder by its relative path or its bare name; never one outside."""
        if self.folder is None:
            return None
        root = self.folder.resolve()
        path = urlsplit(source).path if "://" in source else source
        for name in (unquote(path).lstrip("/"), Path(unquote(path)).name, path):
            try:
                candidate = (root / name).resolve()
                if name and candidate.is_relative_to(root) and candidate.is_file():
                    if candidate.stat().st_size > SIZE_LIMIT:
                        raise FetchFailed(_("It is larger than %(n)d MiB.") % {"n": SIZE_LIMIT // (1024 * 1024)})
                    return candidate.read_bytes()
            except (OSError, ValueError):
                continue
        if "://" not in source:
            raise FetchFailed(_("There is no such file in the folder of pictures."))
        return None

    def _from_web(self, source: str) -> bytes:
        host = (urlsplit(source).hostname or "") if "://" in source else ""
        if self._silent[host] >= PATIENCE:
            raise FetchFailed(_("The host %(host)s has not answered before.") % {"host": host})
        try:
            body = self.fetcher.fetch(source)
        except FetchFailed as error:
            self._silent[host] += error.unreachable
            raise
        self._silent[host] = 0
        return body

    def _store(self, draft: ProductDraft, picture: PictureDraft, image: ProductImage, content: Content) -> None:
        storage = ProductImage._meta.get_field("file").storage
        name = f"products/originals/{hashlib.sha256(content.body).hexdigest()[:32]}.{content.extension}"
        if not storage.exists(name):
            name = storage.save(name, ContentFile(content.body))
        image.file = name
        image.source_url = picture.source
        image.alt = picture.alt if picture.is_exact else picture.alt or image.alt or draft.fields.get("title", "")
        image.translations = merged(image.translations, of_field("alt", picture.texts))
        image.position = picture.position
        image.width, image.height = content.width, content.height
        image.state = ProductImage.State.PENDING
        if picture.variant is not None:
            image.variant_id = picture.variant.pk
        with transaction.atomic():
            image.save()
            make_renditions.enqueue(image.pk)


def _differs(image: ProductImage, picture: PictureDraft) -> bool:
    return address_of(image) != spaceless(picture.source) or image.state == ProductImage.State.FAILED


def _in_order(draft: ProductDraft, product_id: int, known: dict[tuple[int, str], ProductImage]) -> bool:
    """Whether the pictures that the shop has stand in the order of the file already."""
    found = (known.get((product_id, identity(picture.source))) for picture in draft.pictures)
    places = [(image.position, image.pk) for image in found if image]
    return places == sorted(places)


def decode(body: bytes) -> Content:
    """The picture's kind and size; every pixel has been read. Raises FetchFailed for anything that is not a picture."""
    from PIL import Image  # only where one is read: it takes a process 3 MB

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=READABLE) as image:
                width, height = image.size
                if width * height > PIXEL_LIMIT:
                    raise FetchFailed(_("It has more than %(n)d million pixels.") % {"n": PIXEL_LIMIT // 1_000_000})
                image.load()
                if image.getexif().get(ORIENTATION, 1) >= SIDEWAYS:
                    width, height = height, width
                return Content(body, FORMATS[str(image.format)], width, height)
    except FetchFailed:
        raise
    except Exception as error:  # Pillow's decoders raise whatever a broken file makes them
        raise FetchFailed(_("It is not a picture that can be read.")) from error

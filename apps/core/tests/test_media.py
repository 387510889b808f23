import pytest

pytestmark = pytest.mark.django_db  # the page that says "not found" has the categories


@pytest.fixture
def media(settings, tmp_path):
    root = tmp_path / "media"
    (root / "products").mkdir(parents=True)
    settings.MEDIA_ROOT = str(root)
    (root / "products" / "0123456789abcdef0123-320.webp").write_bytes(b"RIFFxxxx")
    (root / "plain.jpg").write_bytes(b"jpeg")
    (root / "page.html").write_text("<script>alert(1)</script>")
    (root / "drawing.svg").write_text("<svg><script>alert(1)</script></svg>")
    (tmp_path / "secret.txt").write_text("secret")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    return root


def test_a_picture_with_a_hash_in_its_name_is_kept_for_ever(client, media):
    response = client.get("/media/products/0123456789abcdef0123-320.webp", headers={"Accept-Encoding": "gzip"})
    assert b"".join(response.streaming_content) == b"RIFFxxxx"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == "8"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_picture_without_one_is_asked_for_again_and_answered_shortly(client, media):
    first = client.get("/media/plain.jpg")
    assert first["Cache-Control"] == "no-cache"
    again = client.get("/media/plain.jpg", headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["page.html", "drawing.svg"])
def test_anything_but_a_picture_is_only_downloaded(client, media, name):
    response = client.get(f"/media/{name}")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    "path",
    ["missing.jpg", "", "products", "../secret.txt", "..%2fsecret.txt", "link.txt", "%00", "a%00b.jpg", "x" * 5000],
)
def test_nothing_outside_the_folder_can_be_read(client, media, path):
    assert client.get(f"/media/{path}").status_code == 404


def test_a_bucket_serves_its_files_itself(client, media, settings):
    settings.S3_BUCKET = "shop"
    assert client.get("/media/plain.jpg").status_code == 404


def test_only_reading_is_allowed(client, media):
    assert client.head("/media/plain.jpg").status_code == 200
    assert client.post("/media/plain.jpg").status_code == 405

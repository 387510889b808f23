import os

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("apps.notifications.tests.dev_mail_urls"),
    pytest.mark.one_database("sqlite"),
]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.SHOW_DEV_MAIL = True
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path / "mail")},
        }
    }
    return tmp_path / "mail"


def send(folder, subject, *, html="", age=0):
    before = set(folder.glob("*")) if folder.exists() else set()
    email = EmailMultiAlternatives(subject, f"Open https://shop.example/o/1?a=1 <{subject}>", to=["ann@example.com"])
    if html:
        email.attach_alternative(html, "text/html")
    mail.mailers["default"].send_messages([email])
    (file,) = set(folder.glob("*")) - before
    written = file.stat().st_mtime - age
    os.utime(file, (written, written))
    return f"/dev/mail/{file.stem}-0/"


def test_an_empty_inbox_says_so(client, folder):
    response = client.get("/dev/mail/")

    assert response.status_code == 200
    assert "No mail yet" in response.content.decode()


def test_the_newest_mail_stands_first(client, folder):
    send(folder, "The older one", age=60)
    url = send(folder, "The newer one")

    html = client.get("/dev/mail/").content.decode()

    assert html.index("The newer one") < html.index("The older one")
    assert f'href="{url}"' in html


def test_a_mail_is_read_as_text_with_links_and_nothing_of_it_is_markup(client, folder):
    html = client.get(send(folder, "Hello", html="<h1>Hi</h1>")).content.decode()

    assert '<a href="https://shop.example/o/1?a=1" rel="nofollow">https://shop.example/o/1?a=1</a>' in html
    assert "&lt;Hello&gt;" in html
    assert "<h1>Hi</h1>" not in html


def test_the_html_part_is_a_page_that_can_run_nothing(client, folder):
    url = send(folder, "Hello", html="<h1>Hi</h1><script>alert(1)</script>")

    response = client.get(f"{url}html/")

    assert response.content.decode().startswith("<h1>Hi</h1>")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy
    assert "script" not in policy


def test_a_mail_without_html_has_no_such_page(client, folder):
    url = send(folder, "Hello")

    assert client.get(f"{url}html/").status_code == 404
    assert "Show the HTML part" not in client.get(url).content.decode()


@pytest.mark.parametrize("key", ["20260101-000000-1-0", "..%2f..%2fsecrets-0", "x", "-", "%00-0"])
def test_what_is_not_there_is_a_404(client, folder, key):
    send(folder, "Hello")

    assert client.get(f"/dev/mail/{key}/").status_code == 404


def test_without_the_setting_every_page_of_it_is_a_404(client, folder, settings):
    url = send(folder, "Hello", html="<h1>Hi</h1>")
    settings.SHOW_DEV_MAIL = False

    assert [client.get(page).status_code for page in ("/dev/mail/", url, f"{url}html/")] == [404, 404, 404]


def test_with_a_mailer_that_keeps_no_files_the_inbox_is_empty(client, settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

    assert "No mail yet" in client.get("/dev/mail/").content.decode()

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from ..models import Message, State

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LIST = "admin:notifications_message_changelist"


@pytest.fixture(autouse=True)
def _dummy_queue(queued):
    """Nothing is delivered here."""


def make_staff(*codenames):
    user = get_user_model().objects.create_user(email=f"{len(codenames)}@example.com", password="x", is_staff=True)
    permissions = Permission.objects.filter(content_type__app_label="notifications", codename__in=codenames)
    user.user_permissions.set(permissions)
    return user


def page_of(message):
    return reverse("admin:notifications_message_change", args=[message.pk])


def act(client, message, action, page="change"):
    if page == "list":
        return client.post(reverse(LIST), {"action": action, "_selected_action": [str(message.pk)]})
    return client.post(page_of(message), {"CHANGE_FORM-action": action, "_selected_action": [str(message.pk)]})


@pytest.fixture
def clerk(client):
    client.force_login(make_staff("view_message", "change_message"))
    return client


def test_the_list_is_searched_by_recipient(clerk, write):
    write()
    write(recipient="bob@example.com")

    html = clerk.get(reverse(LIST), {"q": "bob@"}).content.decode()

    assert "bob@example.com" in html and "ann@example.com" not in html
    assert '<span class="badge badge--info">Queued</span>' in html


def test_the_list_costs_the_same_for_any_number_of_messages(clerk, write, django_assert_max_num_queries):
    costs = []
    for rows in (range(1), range(1, 24)):
        for number in rows:
            write(event_id=number)
        with django_assert_max_num_queries(12) as queries:
            clerk.get(reverse(LIST))
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_a_message_is_read_with_its_links_and_nothing_to_type(clerk, write):
    html = clerk.get(page_of(write(context={"name": "<script>"}))).content.decode()

    assert "Dear &lt;script&gt;, see" in html
    assert '<a href="https://shop.example/orders/" rel="nofollow">' in html
    assert 'value="discard"' in html and 'value="send_again"' not in html
    assert 'name="_save"' not in html and "<select" not in html


@pytest.mark.parametrize("state", ["queued", "failed"])
def test_the_content_of_a_secret_is_shown_nowhere(clerk, write, state):
    message = write(secret=True)
    Message.objects.update(state=state)

    for url in (page_of(message), reverse(LIST), f"{page_of(message)}../history/"):
        assert "Ann" not in clerk.get(url, follow=True).content.decode()


@pytest.mark.parametrize("page", ["list", "change"])
def test_a_failed_message_is_sent_again_by_a_button(clerk, write, queued, page):
    message = write()
    Message.objects.update(state=State.FAILED)

    assert act(clerk, message, "send_again", page).status_code == 302

    assert Message.objects.get().state == "queued"
    assert [result.kwargs["delivery"] for result in queued] == [1, 2]


@pytest.mark.parametrize("page", ["list", "change"])
def test_a_queued_message_is_discarded_by_a_button(clerk, write, page):
    act(clerk, write(), "discard", page)

    assert Message.objects.get().state == "discarded"


def test_what_the_state_does_not_allow_is_said_and_not_done(clerk, write):
    message = write()
    Message.objects.update(state=State.SENT)

    html = clerk.post(
        reverse(LIST), {"action": "discard", "_selected_action": [str(message.pk)]}, follow=True
    ).content.decode()

    assert "in a state that does not allow this" in html
    assert Message.objects.get().state == "sent"


def test_staff_who_may_only_look_see_no_buttons_and_change_nothing(client, write):
    message = write()
    client.force_login(make_staff("view_message"))

    assert "CHANGE_FORM-action" not in client.get(page_of(message)).content.decode()
    for page in ("list", "change"):
        act(client, message, "discard", page)
    assert Message.objects.get().state == "queued"


def test_staff_without_permission_do_not_enter(client, write):
    message = write()
    client.force_login(make_staff())

    assert [client.get(url).status_code for url in (reverse(LIST), page_of(message))] == [403, 403]

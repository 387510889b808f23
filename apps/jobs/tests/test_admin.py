import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from apps.core import dashboard
from apps.jobs.models import Job
from apps.jobs.tests import tasks

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LIST = "admin:jobs_job_changelist"


def make_staff(*codenames):
    user = get_user_model().objects.create_user(email=f"{len(codenames)}@example.com", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="jobs", codename__in=codenames))
    return user


def make_failed_job(trace):
    tasks.fail_always.enqueue(trace.path)
    Job.objects.update(
        status="FAILED", worker_ids=["a", "b", "c"], finished_at=timezone.now(), traceback="File x\nValueError: no\n"
    )
    return Job.objects.get()


def act(client, job, action, page="change"):
    if page == "list":
        return client.post(reverse(LIST), {"action": action, "_selected_action": [str(job.pk)]})
    url = reverse("admin:jobs_job_change", args=[job.pk])
    return client.post(url, {"CHANGE_FORM-action": action, "_selected_action": [str(job.pk)]})


@pytest.fixture
def clerk(client):
    client.force_login(make_staff("view_job", "change_job"))
    return client


def test_the_list_shows_state_attempts_and_last_error(clerk, trace):
    make_failed_job(trace)

    html = clerk.get(reverse(LIST)).content.decode()

    assert "fail always" in html
    assert '<span class="badge badge--danger">Failed</span>' in html
    assert '<td class="field-error">ValueError: no</td>' in html
    assert '<td class="field-tries">3</td>' in html


def test_the_list_costs_the_same_for_any_number_of_jobs(clerk, trace, django_assert_max_num_queries):
    costs = []
    for rows in (1, 23):
        for _ in range(rows):
            tasks.write_line.enqueue(trace.path)
        with django_assert_max_num_queries(12) as queries:
            clerk.get(reverse(LIST))
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_the_page_of_a_job_offers_what_can_be_done_and_nothing_to_type(clerk, trace):
    html = clerk.get(reverse("admin:jobs_job_change", args=[make_failed_job(trace).pk])).content.decode()

    assert 'value="try_again"' in html and 'value="discard"' in html
    assert 'name="_save"' not in html
    assert "<select" not in html


@pytest.mark.parametrize("page", ["list", "change"])
def test_a_failed_job_is_tried_again_by_a_button(clerk, trace, page):
    job = make_failed_job(trace)

    response = act(clerk, job, "try_again", page)

    assert response.status_code == 302
    job.refresh_from_db()
    assert (job.status, job.worker_ids) == ("READY", [])


@pytest.mark.parametrize("page", ["list", "change"])
def test_a_failed_job_is_discarded_by_a_button(clerk, trace, page):
    response = act(clerk, make_failed_job(trace), "discard", page)

    assert response.headers["Location"].endswith(reverse(LIST))
    assert Job.objects.count() == 0


def test_a_running_job_is_left_alone(clerk, trace):
    tasks.write_line.enqueue(trace.path)
    Job.objects.update(status="RUNNING", worker_ids=["a"])

    act(clerk, Job.objects.get(), "discard")

    assert Job.objects.get().status == "RUNNING"


def test_staff_who_may_only_look_see_no_buttons_and_change_nothing(client, trace):
    job = make_failed_job(trace)
    client.force_login(make_staff("view_job"))

    html = client.get(reverse("admin:jobs_job_change", args=[job.pk])).content.decode()
    assert "CHANGE_FORM-action" not in html
    for page in ("list", "change"):
        act(client, job, "discard", page)
    assert Job.objects.get().status == "FAILED"


def test_staff_without_permission_and_customers_do_not_enter(client, trace):
    client.force_login(make_staff())
    assert client.get(reverse(LIST)).status_code == 403

    client.force_login(get_user_model().objects.create_user(email="ann@example.com", password="x"))
    assert client.get(reverse(LIST)).status_code in {302, 404}


def test_the_first_page_tells_of_failed_jobs_to_staff_who_may_see_them(rf, trace):
    make_failed_job(trace)
    request = rf.get("/admin/")

    request.user = make_staff("view_job")
    assert "1 failed job<" in "".join(dashboard.panels_for(request))
    request.user = make_staff()
    assert "failed job" not in "".join(dashboard.panels_for(request))


def test_the_stock_list_of_task_results_is_gone(admin_client):
    assert admin_client.get("/admin/django_tasks_database/dbtaskresult/").status_code == 404

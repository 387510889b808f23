"""The policy of a page: the shop's own, with a nonce where one was asked for."""

from django.http import HttpResponse
from django.middleware.csp import get_nonce

from apps.core.policy import ContentSecurityPolicyMiddleware

HEADER = "Content-Security-Policy"


def test_a_page_that_asks_for_no_nonce_gets_none(rf):
    policy = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())(rf.get("/"))[HEADER]

    assert "script-src 'self';" in policy and "nonce" not in policy


def test_each_page_that_asks_gets_a_nonce_of_its_own(rf):
    given = []

    def view(request):
        given.append(str(get_nonce(request)))
        return HttpResponse()

    middleware = ContentSecurityPolicyMiddleware(view)
    policies = [middleware(rf.get("/"))[HEADER] for _ in range(2)]

    assert given[0] != given[1]
    assert [f"script-src 'self' 'nonce-{nonce}';" in policy for nonce, policy in zip(given, policies, strict=True)] == [
        True,
        True,
    ]


def test_another_setting_is_another_policy(rf, settings):
    middleware = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())
    middleware(rf.get("/"))
    settings.SECURE_CSP = {"default-src": ["'none'"]}

    assert middleware(rf.get("/"))[HEADER] == "default-src 'none'"


def test_a_view_may_have_its_own(rf):
    middleware = ContentSecurityPolicyMiddleware(lambda request: HttpResponse(headers={HEADER: "default-src data:"}))

    assert middleware(rf.get("/"))[HEADER] == "default-src data:"

"""Pictures from the web, without becoming a door into the network that the shop stands in.

Only https; every address of the host must be a public one; the connection goes to the address that was checked, so a
name that resolves differently a moment later changes nothing; each redirect is checked anew; size and time are limited.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.utils.translation import gettext as _

SIZE_LIMIT = 15 * 1024 * 1024
TIMEOUT = 10.0
DEADLINE = 40.0
REDIRECTS = 3
BLOCK = 64 * 1024
# IPv4 inside IPv6: what such an address reaches is not what it says.
TRANSLATING_NETWORKS = [
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]

Connect = Callable[[str, str], http.client.HTTPConnection]
Resolve = Callable[[str], list[str]]


class FetchFailed(Exception):
    """The picture did not come; the message is a sentence. `unreachable`: the host itself did not answer."""

    def __init__(self, message: str, *, unreachable: bool = False) -> None:
        super().__init__(message)
        self.unreachable = unreachable


class _PinnedConnection(http.client.HTTPSConnection):
    """TLS for the name, TCP to the address that was checked. Proxies of the environment are not asked."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, 443, timeout=TIMEOUT, context=ssl.create_default_context())
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, 443), self.timeout)
        try:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


def addresses_of(host: str) -> list[str]:
    """Every address of the name, as the system's resolver sees it."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """False for anything that is not out on the internet, in every disguise of IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in TRANSLATING_NETWORKS):
            return False
        if int(ip) >> 32 == 0:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """`resolve` and `connect` are replaced in tests, which have no network."""

    resolve: Resolve = addresses_of
    connect: Connect = _PinnedConnection
    size_limit: int = SIZE_LIMIT
    deadline: float = DEADLINE

    def fetch(self, url: str) -> bytes:
        """The body behind the URL. Raises FetchFailed; no connection is made to an address that is not public."""
        ends = time.monotonic() + self.deadline
        for _hop in range(REDIRECTS + 1):
            parts = _checked(url)
            address = self._public_address(str(parts.hostname))
            try:
                body, location = self._get(parts, address, ends)
            except (OSError, http.client.HTTPException) as error:
                raise FetchFailed(_("The host did not answer properly."), unreachable=True) from error
            if location is None:
                return body
            url = urljoin(url, location)
        raise FetchFailed(_("It is redirected too often."))

    def _public_address(self, host: str) -> str:
        try:
            addresses = self.resolve(host)
        except (OSError, UnicodeError) as error:
            raise FetchFailed(_("The host %(host)s is not known.") % {"host": host}, unreachable=True) from error
        if not addresses or not all(is_public(address) for address in addresses):
            raise FetchFailed(_("The host %(host)s is not on the public internet.") % {"host": host})
        return addresses[0]

    def _get(self, parts: SplitResult, address: str, ends: float) -> tuple[bytes, str | None]:
        """The body, or where the answer points to."""
        connection = self.connect(str(parts.hostname), address)
        # Each read has a time limit of its own, which a host that sends byte by byte never meets.
        alarm = threading.Timer(max(ends - time.monotonic(), 0.0), _hang_up, [connection])
        alarm.daemon = True
        try:
            connection.connect()
            alarm.start()
            target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
            query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=?~-._") if parts.query else ""
            connection.request("GET", target + query, headers={"Accept": "image/*", "User-Agent": "Stoa"})
            answer = connection.getresponse()
            if answer.status in {301, 302, 303, 307, 308} and (location := answer.getheader("Location")):
                return b"", location
            if answer.status != 200:
                raise FetchFailed(_("The host answered %(status)d.") % {"status": answer.status})
            return self._read(answer, ends), None
        finally:
            alarm.cancel()
            connection.close()

    def _read(self, answer: http.client.HTTPResponse, ends: float) -> bytes:
        too_large = FetchFailed(_("It is larger than %(n)d MiB.") % {"n": self.size_limit // (1024 * 1024)})
        if (answer.length or 0) > self.size_limit:
            raise too_large
        body = bytearray()
        while block := answer.read1(BLOCK):
            body += block
            if len(body) > self.size_limit:
                raise too_large
        if time.monotonic() >= ends:  # the alarm has hung up, which reads like an end
            raise FetchFailed(_("It took too long."), unreachable=True)
        return bytes(body)


def _hang_up(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        # Past TLS, which would wait for the other side's goodbye.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _checked(url: str) -> SplitResult:
    """The parts of an https URL without a password and on the usual port. Raises FetchFailed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchFailed(_("It is not a usable address.")) from error
    if parts.scheme.lower() != "https" or not parts.hostname:
        raise FetchFailed(_("Only addresses that start with https:// are fetched."))
    if parts.username is not None or parts.password is not None or port not in {None, 443}:
        raise FetchFailed(_("An address with a password or a port is not fetched."))
    return parts

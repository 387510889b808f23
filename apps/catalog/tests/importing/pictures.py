"""Pictures and a network for tests: the web is a dictionary, or a server on this machine that stands in for it."""

import io
import socket

from PIL import Image

from apps.catalog.importing.fetching import Fetcher


def picture(colour="#8a5a2b", size=(64, 48), kind="PNG"):
    body = io.BytesIO()
    Image.new("RGB", size, colour).save(body, kind)
    return body.getvalue()


class NoNetwork:
    """Every name is unknown, and nobody may try to connect."""

    def __init__(self):
        self.asked = []

    def resolve(self, host):
        self.asked.append(host)
        raise socket.gaierror("unknown host")

    def connect(self, host, address):
        raise AssertionError(f"connected to {address}")

    def fetcher(self):
        return Fetcher(resolve=self.resolve, connect=self.connect)

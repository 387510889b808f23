import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from apps.jobs.worker import Worker


class Command(BaseCommand):
    help = "Work the job queue until SIGTERM or Ctrl-C; the job in hand is finished first."
    requires_system_checks = ()  # the web process makes them; a worker is to be at work soon

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="work what is due, then exit")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        worker = Worker()

        def leave(signum: int, frame: FrameType | None) -> None:
            worker.stop()
            # Whoever asks twice does not want to wait for the job in hand; its lease brings it back.
            signal.signal(signum, signal.SIG_DFL)

        previous = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            if once:
                worked = worker.drain()
                self.stdout.write(f"{worked} jobs worked.")
            else:
                self.stdout.write("Working the queue. Ctrl-C stops after the job in hand.")
                worker.run()
        finally:
            for number, action in previous.items():
                signal.signal(number, action)

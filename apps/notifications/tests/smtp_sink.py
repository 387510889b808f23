"""A small real mail server: takes what it is sent, or refuses it the way servers do."""

import asyncio
import email
import email.policy
import threading


class SmtpSink:
    def __init__(self):
        self.messages = []
        self.answer_to_recipient = "250 ok"
        self.answer_to_data = "250 queued"
        self.port = 0

    @property
    def mails(self):
        return [email.message_from_bytes(source, policy=email.policy.default) for source in self.messages]

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        started = threading.Event()

        async def serve():
            self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]
            started.set()

        def run():
            self._loop.run_until_complete(serve())
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert started.wait(5)
        return self

    def __exit__(self, *error):
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _talk(self, reader, writer):
        def say(line):
            writer.write(line.encode() + b"\r\n")

        say("220 sink")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                say("354 go on")
                source = await reader.readuntil(b"\r\n.\r\n")
                if self.answer_to_data.startswith("2"):
                    self.messages.append(source[:-5].replace(b"\r\n..", b"\r\n."))
                say(self.answer_to_data)
            elif verb == "RCPT":
                say(self.answer_to_recipient)
            elif verb == "QUIT":
                say("221 bye")
                break
            else:
                say("250 ok")
            await writer.drain()
        writer.close()

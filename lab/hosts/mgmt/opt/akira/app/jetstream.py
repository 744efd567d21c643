"""NATS JetStream over its text protocol: as much as the CDR worker and the lab's `nats` need."""

import json
import socket
import uuid


class Gone(Exception):
    """The connection broke, or nothing answered in time."""


class Refused(Exception):
    """JetStream answered with an error."""


class JetStream:
    def __init__(self, address, timeout=5):
        self.inbox = f"_INBOX.{uuid.uuid4().hex}"  # its own: answers are not for others to hear
        host, port = address.rsplit(":", 1)
        try:
            self._socket = socket.create_connection((host, int(port)), timeout)
            self._reader = self._socket.makefile("rb")
            self._reader.readline()  # INFO
            self._write(b'CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\n')
            self._write(f"SUB {self.inbox}.* 1\r\n".encode())
        except OSError as error:
            raise Gone(str(error)) from error

    def _write(self, data):
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise Gone(str(error)) from error

    def publish(self, subject, payload=b"", reply=""):
        head = f"PUB {subject} {reply} {len(payload)}\r\n" if reply else f"PUB {subject} {len(payload)}\r\n"
        self._write(head.encode() + payload + b"\r\n")

    def publish_all(self, messages):
        self._write(b"".join(f"PUB {s} {len(p)}\r\n".encode() + p + b"\r\n" for s, p in messages))

    def next(self, timeout=5):
        """The next message: (subject, reply, status, payload); the status is empty on plain messages."""
        self._socket.settimeout(timeout)
        try:
            while True:
                line = self._reader.readline()
                if not line:
                    raise Gone("the server closed the connection")
                word, *rest = line.decode().split()
                if word == "PING":
                    self._write(b"PONG\r\n")
                elif word == "MSG":
                    payload = self._reader.read(int(rest[-1]) + 2)[:-2]
                    return rest[0], rest[2] if len(rest) == 4 else "", "", payload
                elif word == "HMSG":
                    size, total = int(rest[-2]), int(rest[-1])
                    data = self._reader.read(total + 2)[:-2]
                    status = data[:size].decode().split("\r\n")[0].removeprefix("NATS/1.0").strip()
                    return rest[0], rest[2] if len(rest) == 5 else "", status, data[size:]
                elif word == "-ERR":
                    raise Gone(line.decode().strip())
        except OSError as error:
            raise Gone("no answer in time" if isinstance(error, TimeoutError) else str(error)) from error

    def ask(self, api, request=None):
        """A request to JetStream's API, such as STREAM.INFO.AKIRA_CDR."""
        self.publish("$JS.API." + api, json.dumps(request).encode() if request else b"", self.inbox + ".api")
        while True:
            subject, _, status, payload = self.next()
            if subject != self.inbox + ".api":
                continue
            if status:
                raise Refused("JetStream does not answer: " + status)
            answer = json.loads(payload)
            if "error" in answer:
                raise Refused(answer["error"]["description"])
            return answer

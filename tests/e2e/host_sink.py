"""The rest of the Internet: an SMTP server on loopback that takes what the box sends and counts it.

    with Sink() as sink:
        ... mail to anyone@remote.example at port sink.port ...
        sink.accepted       # [Transaction]
        sink.probes         # addresses asked for and not written to: callouts

A recipient whose local part begins with "gone" is refused, as a mailbox that is not there.
"""
import socketserver
import threading
import time


class Transaction:
    def __init__(self, sender, recipients, data):
        self.sender, self.recipients, self.data, self.time = sender, recipients, data, time.time()


class _Session(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self):
        self.say("220 sink.example ESMTP")
        sender, recipients, asked, wrote = None, [], [], False
        while line := self.rfile.readline(4096):
            verb = line[:4].upper()
            if verb in (b"EHLO", b"HELO"):
                self.say("250 sink.example")
            elif verb == b"MAIL":
                sender, recipients, asked, wrote = self.address(line), [], [], False
                self.say("250 ok")
            elif verb == b"RCPT":
                address = self.address(line)
                asked.append(address)
                if address.startswith("gone"):
                    self.server.sink.count_refusal(sender, address)
                    self.say("550 5.1.1 no such user")
                else:
                    recipients.append(address)
                    self.say("250 ok")
            elif verb == b"DATA":
                if not recipients:
                    self.say("554 no valid recipients")
                    continue
                self.say("354 go on")
                self.server.sink.count(Transaction(sender, recipients, self.body()))
                wrote = True
                self.say("250 2.0.0 queued")
            elif verb in (b"RSET", b"QUIT"):
                if asked and not wrote:
                    self.server.sink.count_probe(sender, asked)
                asked = []
                self.say("221 bye" if verb == b"QUIT" else "250 ok")
                if verb == b"QUIT":
                    return
            else:
                self.say("250 ok" if verb == b"NOOP" else "502 not here")
        if asked and not wrote:
            self.server.sink.count_probe(sender, asked)

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    @staticmethod
    def address(line):
        return line[line.index(b"<") + 1:line.index(b">")].decode("ascii", "replace")

    def body(self):
        lines = []
        while (line := self.rfile.readline(65536)) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Sink:
    def __init__(self):
        self.lock = threading.Lock()
        self.clear()

    def __enter__(self):
        self.server = _Server(("127.0.0.1", 0), _Session)
        self.server.sink = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def clear(self):
        with self.lock:
            self.accepted, self.refused, self.probes = [], [], []

    def count(self, transaction):
        with self.lock:
            self.accepted.append(transaction)

    def count_refusal(self, sender, address):
        with self.lock:
            self.refused.append((sender, address))

    def count_probe(self, sender, addresses):
        with self.lock:
            self.probes.append((sender, addresses))

    @property
    def null_sender(self):
        return [t for t in self.accepted if t.sender == ""]

    def wait_for(self, condition, seconds=120):
        """Until `condition(self)` holds; an error that says what was counted after `seconds`."""
        deadline = time.monotonic() + seconds
        while not condition(self):
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"the sink has {len(self.accepted)} messages, {len(self.refused)} refusals, "
                    f"{len(self.probes)} probes")
            time.sleep(0.05)

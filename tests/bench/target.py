"""The server that everybody sends to: nginx on 127.0.0.1, on a core of its own, and what it saw."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from machine import SERVER, Failed

HERE = Path(__file__).parent
MODULES = ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules")


def answer():
    """A made-up contact of about a kilobyte, as providers send it back with every change."""
    contact = {
        "id": "5d1c2f6e-7a0b-4c3d-9e8f-0123456789ab", "givenName": "Ada", "familyName": "Bergström", "email": "ada@example.org",
        "phone": "+12025550143", "organisation": "Harbour Foods Ltd", "street": "12 Mill Lane", "town": "Boston", "region": "MA",
        "postcode": "02110", "country": "US", "timeZone": "America/New_York", "birthday": "1984-02-29", "origin": "import",
        "labels": ["customer", "newsletter"], "owner": None, "channels": {way: {"stopped": False, "since": None, "why": ""}
                                                                          for way in ("mail", "phone", "text", "chat")},
        "more": [{"key": "tier", "value": "plus"}, {"key": "points", "value": 512}, {"key": "remarks", "value": "r" * 120}],
        "created": "2026-01-02T03:04:05.678Z", "changed": "2026-10-11T12:13:14.151Z", "revision": 7,
    }
    return json.dumps({"ok": True, "contact": contact, "traceId": "00000000-0000-4000-8000-000000000200"}, ensure_ascii=False,
                      separators=(",", ":"))


class Target:
    """One server; use it with `with`, so that it always ends."""

    def __init__(self, place):
        self.place = Path(place)

    def __enter__(self):
        module = next((path for place in MODULES if (path := Path(place, "ngx_http_echo_module.so")).exists()), None)
        if module is None:
            raise Failed("nginx's echo module is missing: install libnginx-mod-http-echo")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        text = (HERE / "nginx.conf").read_text().replace("@MODULE@", str(module))
        text = text.replace("@PORT@", str(self.port)).replace("@ANSWER@", answer())
        self.place.mkdir(parents=True, exist_ok=True)
        (self.place / "nginx.conf").write_text(text)
        (self.place / "arrivals.log").write_text("")
        words = ["taskset", "-c", SERVER, "nginx", "-p", str(self.place) + "/", "-c", str(self.place / "nginx.conf")]
        with open(self.place / "start.log", "w") as log:
            self.child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        for _ in range(100):
            if self.child.poll() is not None:
                break
            try:
                self.requests()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise Failed("nginx did not start: " + (self.place / "start.log").read_text()[-500:])

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.child.pid, signal.SIGKILL)
                self.child.wait()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def requests(self):
        """How many requests it has had, this question among them."""
        with urllib.request.urlopen(self.url + "/count", timeout=5) as reply:
            return int(reply.read().split()[9])

    def forget(self):
        """Begins a new list of arrivals."""
        os.truncate(self.place / "arrivals.log", 0)

    def arrivals(self, count):
        """When requests came in, in milliseconds, in order; waits until so many are written down."""
        for _ in range(100):
            time.sleep(0.1)
            text = (self.place / "arrivals.log").read_text()
            if text.count("\n") >= count:
                break
        times = []
        for line in text.splitlines():
            answered, took = line.split()
            times.append(round(float(answered) * 1000) - round(float(took) * 1000))
        return sorted(times)


def fullest(times, window):
    """The most arrivals in any window of so many milliseconds, wherever it is laid."""
    first = most = 0
    for last, at in enumerate(times):
        while at - times[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most


def above(times, window, allowed):
    """The arrivals that came when their window was full."""
    first = over = 0
    for last, at in enumerate(times):
        while at - times[first] >= window:
            first += 1
        over += last - first + 1 > allowed
    return over

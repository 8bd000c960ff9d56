"""The machine that is measured on: what it is, whether it is idle, and what one command costs it.

Only processes that were started here are ever ended.
"""

import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

# The server has a core of its own, and so has whoever talks to it.
SERVER, CLIENT = "0", "1" if (os.cpu_count() or 1) > 1 else "0"
# Cores that are idle for this share of a second are free to be measured on, and so long is waited for that.
IDLE, PATIENCE = 0.96, 60.0

# How idle the busiest core was where a measurement had to begin all the same; the page tells it.
busy = []
waits = True
# The groups of processes that are under way.
_alive = set()
_patience = PATIENCE


def say(text):
    """Tells how far it is."""
    print(text, file=sys.stderr, flush=True)


def no_small_limits():
    """Thousands of connections need as many descriptors as the machine gives."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _ticks():
    with open("/proc/stat") as file:
        cores = [line.split() for line in file if line.startswith("cpu") and line[3].isdigit()]
    # Idle and waiting for a disk, of everything.
    return [(int(core[4]) + int(core[5]), sum(map(int, core[1:9]))) for core in cores]


def idleness(seconds=1.0):
    """The share of time in which the busiest core had nothing to do."""
    before = _ticks()
    time.sleep(seconds)
    shares = [(idle - old_idle) / max(1, total - old_total)
              for (idle, total), (old_idle, old_total) in zip(_ticks(), before)]
    return min(shares)


def wait_until_idle():
    """Waits for idle cores; where they do not come, the measurement is made all the same and the page says so."""
    global _patience
    until = time.monotonic() + _patience
    while (idle := idleness()) < IDLE:
        if not waits or time.monotonic() > until:
            busy.append(idle)
            # It is no use to wait as long every time on a machine that others work on.
            _patience = 2.0
            return
    _patience = PATIENCE


@dataclass
class Run:
    """What one command took: seconds on the wall and of both cores, and its highest memory in MiB."""

    wall: float
    cpu: float
    peak: float
    out: str


class Failed(Exception):
    """A command did not do what it was asked to."""


def measure(command, core=None, env=None, codes=(0,), patience=3_600, cwd=None, check=True):
    """Runs a command to its end, on one core or on all, when the machine is idle."""
    if check:
        wait_until_idle()
    pinned = ["taskset", "-c", core] if core else []
    with tempfile.NamedTemporaryFile("r") as told, tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        # A peak is counted from the process that forks, so one small process stands in between.
        words = ["/usr/bin/time", "-o", told.name, "-f", "%M"] + pinned + [str(word) for word in command]
        began = time.monotonic()
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd, start_new_session=True,
                                 env={**os.environ, **(env or {})})
        _alive.add(child.pid)
        stuck = _end_after(child, patience)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        _alive.discard(child.pid)
        stuck.cancel()
        child.returncode = code = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        text = out.read()
        if code not in codes:
            shown = " ".join(map(str, command))
            raise Failed(f"`{shown[:300]}` ended with {code}: {(err.read() or text)[-2000:]}")
        return Run(wall, used.ru_utime + used.ru_stime, int(told.read().split()[-1]) / 1024, text)


def _end_after(child, seconds):
    timer = threading.Timer(seconds, _end, [child.pid])
    timer.daemon = True
    timer.start()
    return timer


def _end(group):
    # Only a group whose leader was not waited for yet is certainly ours.
    if group in _alive:
        os.killpg(group, signal.SIGKILL)


def end_all():
    """Ends what is still under way, where a measurement was broken off."""
    for group in list(_alive):
        _end(group)


def described():
    """The machine in a few words, without its name."""
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
                 platform.machine())
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    return f"{os.cpu_count()} cores ({model}), {memory / 2**20:.0f} GiB, {platform.system()} {platform.release()}"

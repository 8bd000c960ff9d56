"""What all parts share: sizes, data, and one run of the program."""

import hashlib
import itertools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import contacts
from machine import CLIENT, Failed, measure, say

HERE = Path(__file__).parent
ENV = {"BENCH_TOKEN": "bench", "NO_COLOR": "1"}
IN_FLIGHT = 64


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    name: str
    rounds: int
    send_rows: int
    dry_rows: int
    nightly_rows: int
    memory_rows: tuple
    pace_seconds: int
    pace_limits: tuple
    pace_waits: tuple
    pace_rounds: int
    slow_seconds: int
    starts: int


LIMITS = ((10, 1), (100, 1), (1_000, 1), (5_000, 1), (100, 10))
WAITS = (0, 50, 200, 2_000)
SIZES = {
    "quick": Size("quick", 2, 20_000, 100_000, 100_000, (10_000, 100_000), 10, ((100, 1), (1_000, 1), (100, 10)), (0, 200), 1, 4, 10),
    "default": Size("default", 5, 100_000, 1_000_000, 1_000_000, (100_000, 1_000_000), 20, LIMITS, WAITS, 1, 30, 20),
    "full": Size("full", 7, 200_000, 1_000_000, 1_000_000, (100_000, 1_000_000, 10_000_000), 30, LIMITS, WAITS, 2, 30, 40),
}


class Bench:
    """Where it is measured, with whom, and how much."""

    def __init__(self, work, peers, size, target):
        self.work, self.peers, self.size, self.target = work, peers, size, target
        # Another generator makes other data.
        mark = hashlib.sha256(Path(contacts.__file__).read_bytes()).hexdigest()[:8]
        self.data = work / f"data-{mark}"
        self.data.mkdir(parents=True, exist_ok=True)
        self.numbers = itertools.count(1)

    def contacts(self, count, extra=0):
        """A file of so many contacts, made once."""
        path = self.data / f"contacts-{count}-{extra}.csv"
        if not path.exists():
            say(f"  making {count:,} contacts")
            contacts.write(path, count, extra)
        return path

    def fresh(self, name):
        """A path that is not there."""
        path = self.work / "runs" / f"{next(self.numbers)}-{name}"
        if path.is_dir():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        return path

    def ours(self, rows, *options, mapping=None, extra=0, core=None, state=None, url=None, check=True):
        """One run of the program over so many rows: what it took, and its summary."""
        out, own_state = self.fresh("out"), self.fresh("state.db")
        command = [self.peers.program, "run", self.contacts(rows, extra), "-m", mapping or HERE / "contacts.toml", "--no-progress",
                   "--out", out, "--state", state or own_state, *options]
        if url:
            command += ["--base-url", url]
        run = measure(command, core=core, env=ENV, check=check, cwd=self.work)
        summary = json.loads((out / "summary.json").read_text())
        shutil.rmtree(out)
        if state is None:
            for left in own_state.parent.glob(own_state.name + "*"):
                left.unlink()
        return run, summary

    def sent(self, rows, *options, **more):
        """One run that sends every row of so many."""
        run, summary = self.ours(rows, *options, **{"core": CLIENT, "url": self.target.url, **more})
        if summary["outcomes"].get("updated") != rows:
            raise Failed(f"not all rows were updated: {summary['outcomes']}")
        return run, summary

    def looked(self, rows, *options, **more):
        """One dry run over so many rows."""
        run, summary = self.ours(rows, "--dry-run", *options, **more)
        if summary["outcomes"].get("valid") != rows:
            raise Failed(f"not all rows were valid: {summary['outcomes']}")
        return run, summary

    def requests(self, count):
        """The requests that so many rows become, as we would send them."""
        path = self.fresh("requests.jsonl")
        self.looked(count, "--requests", path, "--base-url", self.target.url, check=False)
        with open(path, encoding="utf-8") as file:
            made = [json.loads(line) for line in file]
        path.unlink()
        return made

"""What costs no request: dry runs, memory, nights in which nothing changed, the start, the program itself."""

import os
import subprocess
import time
from statistics import median

from bench import ENV, HERE
from machine import Failed, measure, say, wait_until_idle
from table import Figure, Part, grid

# What the index of rows for one contact may take of memory, a row.
INDEX = 24


def dry(bench):
    """Every row checked and rendered, beside a validator that only checks."""
    size, peers = bench.size, bench.peers
    rows = size.dry_rows
    csv = bench.contacts(rows)
    written = bench.fresh("requests.jsonl")

    def with_requests():
        run = bench.looked(rows, "--requests", written)[0]
        made.append(written.stat().st_size)
        written.unlink()
        return run

    made = []
    ways = {
        "ours": lambda: bench.looked(rows)[0],
        "ours, every request written": with_requests,
        "ours, HighLevel": lambda: bench.looked(rows, mapping=HERE / "highlevel.toml")[0],
    }
    if peers.has("qsv"):
        ways["qsv validate schema"] = lambda: measure([peers.qsv, "validate", csv, HERE / "schema.json"])
    runs = {name: [] for name in ways}
    for turn in range(size.rounds):
        for name in list(ways) if turn % 2 == 0 else list(ways)[::-1]:
            say(f"  round {turn + 1}: {name}")
            runs[name].append(ways[name]())
    other = runs.get("qsv validate schema", [])
    faster = lambda name: [theirs.wall / own.wall for own, theirs in zip(runs[name], other)]
    figures = [
        Figure("ours over `qsv validate` with a schema, rows/s", faster("ours"), "×", "≥ 1.4"),
        Figure("CPU over that of `qsv validate`", [own.cpu / theirs.cpu for own, theirs in zip(runs["ours"], other)], "×", "≤ 0.6"),
        Figure("ours, every request written, over `qsv validate`, rows/s", faster("ours, every request written"), "×", "≥ 1.2"),
    ]
    table = [[name, f"{rows / median(run.wall for run in done):,.0f}", f"{median(run.wall for run in done):.2f}",
              f"{median(run.cpu for run in done):.2f}", f"{median(run.peak for run in done):.1f}"] for name, done in runs.items()]
    about = (f"{rows:,} rows × 18 columns, {csv.stat().st_size / 1e6:.0f} MB, on all cores; the whole program from start to exit, report "
             f"written. All requests are {median(made) / 1e6:,.0f} MB. HighLevel's mapping has the same columns with its own fields.")
    return Part("Dry run", about, figures, grid(["medians", "rows/s", "seconds", "CPU seconds", "peak MiB"], table))


def memory(bench):
    """The highest memory as the file grows."""
    figures = []
    for name, run, index in (("dry run", bench.looked, 0), ("sending", bench.sent, INDEX / 2**20)):
        peaks = []
        for rows in bench.size.memory_rows:
            say(f"  {name}, {rows:,} rows")
            peaks.append(run(rows, check=False)[0].peak)
            figures.append(Figure(f"{name}, {rows:,} rows", peaks[-1:], "MiB", f"≤ {32 + index * rows:.0f}", digits=1))
        few, many = min(bench.size.memory_rows), max(bench.size.memory_rows)
        goal = f"≤ {4 + index * (many - few):.0f}"
        figures.append(Figure(f"{name}, from {few:,} to {many:,} rows", [max(peaks) - min(peaks)], "MiB more", goal, digits=1))
    about = ("The process's own peak. When sending, a goal has beside its 32 MiB, and 4 MiB more, "
             f"{INDEX} bytes a row for the index of rows that are about one contact.")
    return Part("Memory", about, figures)


def nightly(bench):
    """A run over rows that were all accepted before."""
    rows = bench.size.nightly_rows
    state = bench.fresh("night.db")
    say(f"  sending {rows:,} rows once")
    bench.sent(rows, state=state, check=False)
    rates, calls, cpu, peak = [], [], [], []
    for turn in range(min(3, bench.size.rounds)):
        say(f"  round {turn + 1}")
        time.sleep(0.2)
        asked = bench.target.requests()
        run, summary = bench.ours(rows, state=state, url=bench.target.url)
        if summary["outcomes"].get("unchanged") != rows:
            raise Failed(f"not all rows were unchanged: {summary['outcomes']}")
        rates.append(rows / run.wall)
        calls.append(bench.target.requests() - asked - 1)
        cpu.append(run.cpu)
        peak.append(run.peak)
    size = state.stat().st_size / 2**20
    for left in state.parent.glob(state.name + "*"):
        left.unlink()
    figures = [
        Figure("unchanged rows a second", rates, "", "≥ 200,000", digits=0),
        Figure("requests that arrived", calls, "", "≤ 0", by="max", digits=0),
        Figure("CPU", cpu, "s"),
        Figure("peak memory", peak, "MiB", digits=1),
        Figure("state file", [size], "MiB", digits=1),
    ]
    about = f"{rows:,} rows that a state file of as many knows already, on all cores, the whole program from start to exit."
    return Part("A night in which nothing changed", about, figures)


def start(bench):
    """From start to exit with next to nothing to do."""
    program, starts = bench.peers.program, bench.size.starts
    csv = bench.contacts(1)

    def timed(*words):
        began = time.perf_counter()
        done = subprocess.run([str(word) for word in words], capture_output=True, env={**os.environ, **ENV}, cwd=bench.work)
        took = (time.perf_counter() - began) * 1000
        if done.returncode:
            raise Failed(f"`{words[1]}` ended with {done.returncode}: {done.stderr.decode()[-500:]}")
        return took

    def one_row(state):
        out = bench.fresh("out")
        return timed(program, "run", csv, "-m", HERE / "contacts.toml", "--no-progress", "--out", out, "--state", state, "--base-url",
                     bench.target.url, "--force")

    wait_until_idle()
    helps = [timed(program, "run", "--help") for _ in range(starts)]
    first = [one_row(bench.fresh("state.db")) for _ in range(starts)]
    state = bench.fresh("state.db")
    one_row(state)
    again = [one_row(state) for _ in range(starts)]
    figures = [
        Figure("`run --help`", helps, "ms", "≤ 10", digits=1),
        Figure("one row sent, state file there", again, "ms", "≤ 20", digits=1),
        Figure("one row sent, state file made", first, "ms", "≤ 20", digits=1),
    ]
    return Part("Start", f"From start to exit, each {starts} times, on all cores; the row goes to nginx.", figures)


def binary(bench):
    """How big the program is."""
    figure = Figure("release build, stripped", [bench.peers.program.stat().st_size / 2**20], "MiB", "≤ 15", digits=1)
    return Part("The program", "With all providers inside.", [figure])

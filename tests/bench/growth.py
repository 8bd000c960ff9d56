"""How cost grows: with rows, columns, requests in flight, runs on one state file, and accounts in one process."""

import json
import threading
import time

from bench import HERE
from machine import Failed, measure, say, wait_until_idle
from table import Part, grid
from target import answer


def growth(bench):
    """All slopes, each measured once; they are for the page about growth."""
    quick, facts = bench.size.name == "quick", {}
    texts = [piece(bench, quick, facts) for piece in (_rows, _columns, _in_flight, _together, _by_itself, _ends)]
    return Part("Growth", "Each figure is one run; a slope is the difference between the smallest and the largest.", [], "\n".join(texts))


def _rows(bench, quick, facts):
    looked = (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    sent = (5_000, 20_000) if quick else (10_000, 50_000, 250_000)
    lines, ends = [], {}
    for name, how, sizes in (("dry run", bench.looked, looked), ("sending", bench.sent, sent)):
        for rows in sizes:
            say(f"  {name}, {rows:,} rows")
            run, _ = how(rows)
            ends.setdefault(name, []).append((rows, run))
            lines.append([f"{name}, {rows:,} rows", f"{run.wall:.2f}", f"{run.cpu / rows * 1e6:.2f}", f"{run.peak:.1f}"])
    text = "### Rows\n\n" + grid(["", "seconds", "CPU µs a row", "peak MiB"], lines) + "\n"
    for name, runs in ends.items():
        (few, small), (many, large) = runs[0], runs[-1]
        more = many - few
        facts[name] = ((large.wall - small.wall) / more * 1e6, (large.cpu - small.cpu) / more * 1e6)
        wall, cpu = facts[name]
        text += f"Each further row, {name}: {wall:.2f} µs, {cpu:.2f} µs of CPU, {(large.peak - small.peak) * 2**20 / more:.1f} bytes of memory.\n"
    return text


def _columns(bench, quick, facts):
    rows = 20_000 if quick else 100_000
    lines, runs = [], []
    for extra in (0, 18, 36, 72):
        say(f"  {18 + extra} columns")
        run, _ = bench.looked(rows, mapping=_mapping(bench, extra), extra=extra)
        runs.append((extra, run))
        lines.append([f"{18 + extra} columns", f"{run.wall:.2f}", f"{run.cpu / rows * 1e6:.2f}", f"{run.peak:.1f}"])
    (few, small), (many, large) = runs[0], runs[-1]
    each = (large.cpu - small.cpu) / rows / (many - few) * 1e9
    return (f"### Columns\n\nDry runs of {rows:,} rows; every further column is short text and mapped.\n\n"
            + grid(["", "seconds", "CPU µs a row", "peak MiB"], lines) + f"\nEach further cell: {each:.0f} ns of CPU.\n")


def _mapping(bench, extra):
    """The mapping with further columns, in which the provider's file is found from anywhere."""
    text = (HERE / "contacts.toml").read_text().replace('"provider/api.toml"', json.dumps(str(HERE / "provider/api.toml")))
    path = bench.work / f"contacts-{extra}.toml"
    path.write_text(text + "".join(f'extra_{number} = "extra_{number}"\n' for number in range(1, extra + 1)))
    return path


def _in_flight(bench, quick, facts):
    rows = 10_000 if quick else 50_000
    lines = []
    for most in (1, 4, 16, 64, 256, 1_024):
        say(f"  {most} in flight")
        count = rows // 5 if most == 1 else rows
        run, _ = bench.sent(count, "--concurrency", str(most))
        facts[most] = run.peak
        lines.append([f"{most:,} in flight", f"{count / run.wall:,.0f}", f"{run.cpu / count * 1e6:.1f}", f"{run.peak:.1f}"])
    return ("### Requests in flight\n\nTo nginx, which answers at once; one core for it, one for us.\n\n"
            + grid(["", "rows/s", "CPU ms for 1,000", "peak MiB"], lines))


def _together(bench, quick, facts):
    """Several runs at once, each on an account of its own, with one state file or one each."""
    rows = 5_000 if quick else 50_000
    lines = []
    for runs in (1, 2, 4):
        rates = []
        for name in ("one state file", "one each"):
            say(f"  {runs} runs at once, {name}")
            wait_until_idle()
            shared = bench.fresh("state.db")
            states = [shared if name == "one state file" else bench.fresh("state.db") for _ in range(runs)]
            bench.contacts(rows)
            rates.append(_at_once(bench, rows, states))
        lines.append([runs, *(f"{rate:,.0f}" for rate in rates)])
    return ("### Runs at once\n\nEach sends to an account of its own, all on the client's core.\n\n"
            + grid(["runs", "rows/s in all, one state file", "rows/s in all, one each"], lines))


def _at_once(bench, rows, states):
    faults = []

    def one(number, state):
        try:
            # Another path makes another account.
            bench.sent(rows, state=state, url=f"{bench.target.url}/account{number}", check=False)
        except (Failed, OSError, ValueError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(states)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return rows * len(states) / (time.monotonic() - began)


def _by_itself(bench, quick, facts):
    """Accounts in virtual time and the state file, without a wire."""
    say("  accounts in virtual time, and the state file by itself")
    if not bench.peers.has("growth"):
        raise Failed("its benchmark was not built")
    text = measure([bench.peers.growth, *(["quick"] if quick else [])]).out
    # The last line of the last table: rows known, accepted a second, looked up a second, bytes a row.
    facts["state"] = [float(cell) for cell in text.strip().splitlines()[-1].strip("| ").split("|")]
    return text


def _ends(bench, quick, facts):
    """Where it ends, from the slopes above and nothing else."""
    bodies = [json.dumps(one["body"], ensure_ascii=False, separators=(",", ":")) for one in bench.requests(1_000)]
    body, reply = sum(len(text.encode()) for text in bodies) / len(bodies), len(answer().encode())
    send, look = facts["sending"][1], facts["dry run"][0]
    core = 1e6 / send
    known, accepted, looked_up, each = facts["state"]
    lines = [
        ["one core, sending", f"{core:,.0f} rows/s", f"{send:.1f} µs of CPU a row; {core / 10:,.0f} accounts at 10 requests a second"],
        ["one core, the network", f"{core * (body + reply) * 8 / 1e6:,.0f} Mbit/s", f"bodies of {body:,.0f} bytes, answers of {reply:,}"],
        ["one machine, dry runs one after the other", f"{1e6 / look:,.0f} rows/s", f"{look:.2f} µs a row"],
        ["one state file, rows accepted", f"{accepted:,.0f} rows/s", f"as many as {accepted / core:.1f} cores send"],
        ["one state file, rows looked up", f"{looked_up:,.0f} rows/s", f"in a file that knows {known:,.0f} rows"],
        ["one state file, on the disk", f"{each * 1e8 / 2**30:,.1f} GiB for 100 million rows", f"{each:.0f} bytes a row"],
        ["one connection, memory", f"{(facts[1_024] - facts[64]) / 960 * 1024:,.0f} KiB", "from 64 to 1,024 in flight"],
    ]
    return "### Where it ends\n\n" + grid(["", "", "because"], lines)

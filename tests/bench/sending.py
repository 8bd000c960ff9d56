"""What sending costs: the pace at any limit and latency, the rate where nothing limits it, and a slow server."""

import json
import math
import re
import time
from statistics import median

from bench import HERE, IN_FLIGHT
from machine import CLIENT, Failed, measure, say
from table import Figure, Part, grid
from target import above, fullest


def pace(bench):
    """The share of a limit that is used, and what the server saw of it."""
    size, rows = bench.size, []
    shares, whole, over = [], [], []
    for requests, seconds in size.pace_limits:
        for wait in size.pace_waits:
            for _ in range(size.pace_rounds):
                say(f"  {requests}/{seconds} s, answered after {wait} ms")
                times = _paced(bench, requests, seconds, wait)
                rate = requests / seconds / 1000
                window = seconds * 1000
                share = lambda at: 100 * (len(at) - 1) / max(1, at[-1] - at[0]) / rate
                # The first request goes alone; what its answer takes is no question of pace.
                shares.append(share(times[1:]))
                whole.append(share(times))
                most = fullest(times, window)
                breaches = above(times, window, requests)
                if window < 10_000:
                    breaches += above(times, 10_000, requests * 10_000 / window)
                over.append(breaches)
                rows.append([f"{requests:,}/{seconds} s", f"{wait} ms", f"{len(times):,}", f"{whole[-1]:.1f}", f"{shares[-1]:.1f}",
                             f"{most:,}", breaches])
    figures = [
        Figure("share of the limit used, the worst cell counts", shares, "%", "≥ 98", by="min", digits=1),
        Figure("arrivals above the limit in any window of its own length or of 10 s", over, "", "≤ 0", by="max", digits=0),
    ]
    head = ["limit", "answered after", "arrivals", "% used from the first arrival", "% used from the second", "fullest window", "above"]
    about = (f"Every limit for {size.pace_seconds} s, with `--rate` and, where 64 requests in flight cannot reach it, more "
             "`--concurrency`. Arrivals are those in the server's own log, in milliseconds. The first request of a run goes alone, and "
             "only its answer lets the others go: the share is counted from the second arrival, the one from the first stands beside it.")
    return Part("Pace", about, figures, grid(head, rows))


def _paced(bench, requests, seconds, wait):
    rate = requests / seconds
    count = math.ceil(rate * bench.size.pace_seconds) + 1
    in_flight = max(IN_FLIGHT, math.ceil(rate * wait / 1000 * 1.25) + 32)
    bench.target.forget()
    bench.sent(count, "--rate", f"{requests}/{seconds}s", "--concurrency", str(in_flight), url=f"{bench.target.url}/log{wait}")
    times = bench.target.arrivals(count)
    if len(times) != count:
        raise Failed(f"{len(times)} arrivals of {count}")
    return times


def send(bench):
    """Rows a second to a server that answers at once, ours and others in turn."""
    size, peers, target = bench.size, bench.peers, bench.target
    rows = size.send_rows
    few, fewer = rows // 5, rows // 10
    puts, config = bench.work / "puts.txt", bench.work / "curl.txt"
    made = bench.requests(few)
    _write_puts(made[:1024], puts)
    if peers.has("curl"):
        _write_config(made, config)
    csv, report = bench.contacts(rows), bench.fresh("report")
    ways = {"ours": lambda: bench.sent(rows)[0]}
    counts = {"ours": rows}
    if peers.has("bare"):
        ways["bare"] = lambda: measure([peers.bare, csv, rows, report, target.url, IN_FLIGHT], core=CLIENT)
        counts["bare"] = rows
    if peers.has("curl"):
        ways["curl"] = lambda: measure([peers.curl, "-s", "--parallel", "--parallel-max", IN_FLIGHT, "-K", config], core=CLIENT)
        counts["curl"] = few
    if peers.has("aiohttp"):
        ways["aiohttp"] = lambda: measure([peers.aiohttp, HERE / "aiohttp_peer.py", csv, few, report, target.url, IN_FLIGHT], core=CLIENT)
        counts["aiohttp"] = few
    if peers.has("qsv"):
        ways["qsv"] = lambda: measure([peers.qsv, "fetchpost", f"{target.url}/contacts", "--payload-tpl", HERE / "fetchpost.tpl",
                                       "--no-cache", "-o", report, bench.contacts(fewer)], core=CLIENT)
        counts["qsv"] = fewer
    rates, cpu, peak = [{name: [] for name in ways} for _ in range(3)]
    ceiling = []
    before = wrk(bench, puts, "", 3)
    for turn in range(size.rounds):
        # Whoever was first is last the next time.
        for name in list(ways) if turn % 2 == 0 else list(ways)[::-1]:
            say(f"  round {turn + 1}: {name}")
            time.sleep(0.2)
            asked = target.requests()
            run = ways[name]()
            arrived = target.requests() - asked - 1
            if arrived != counts[name]:
                raise Failed(f"{name} sent {arrived} requests of {counts[name]}")
            rates[name].append(counts[name] / run.wall)
            cpu[name].append(run.cpu / counts[name] * 1e6)
            peak[name].append(run.peak)
        after = wrk(bench, puts, "", 3)
        ceiling.append((before + after) / 2 if before and after else None)
        before = after
    report.unlink(missing_ok=True)
    ratio = lambda name: [own / other for own, other in zip(rates["ours"], rates.get(name, []))]
    over_wrk = [own / most for own, most in zip(rates["ours"], ceiling) if most]
    figures = [
        Figure("ours over wrk", over_wrk, "×", "≥ 0.30"),
        Figure("ours over the bare reqwest loop", ratio("bare"), "×", "≥ 0.85"),
        Figure("ours over `curl --parallel`", ratio("curl"), "×", "≥ 2", digits=1),
        Figure("ours over aiohttp", ratio("aiohttp"), "×", "≥ 7", digits=1),
        Figure("ours over qsv fetchpost", ratio("qsv"), "×", "≥ 10", digits=1),
        Figure("CPU for 1,000 rows", cpu["ours"], "ms", "≤ 26", digits=1),
    ]
    table = [[name, f"{counts[name]:,}", f"{median(rates[name]):,.0f}", f"{median(cpu[name]):.1f}", f"{median(peak[name]):.1f}"]
             for name in ways]
    if any(ceiling):
        table.insert(0, ["wrk", "", f"{median(filter(None, ceiling)):,.0f}", "", ""])
    about = (f"{rows:,} rows to nginx, which answers at once; {IN_FLIGHT} requests in flight, one at a time with qsv; the server on one "
             "core, the client on another. Ours with everything on: checks, state file, reports; no limit. Each round has all of them and "
             "wrk before and after; ratios are made within a round.")
    head = ["medians", "rows", "rows/s", "CPU ms for 1,000", "peak MiB"]
    return Part("Sending", about, figures, grid(head, table))


def wrk(bench, puts, prefix, seconds):
    """The most that the server takes, by a program that does nothing but ask."""
    if not bench.peers.has("wrk"):
        return None
    run = measure([bench.peers.wrk, "-t1", f"-c{IN_FLIGHT}", f"-d{seconds}s", "-s", HERE / "put.lua", bench.target.url + prefix],
                  core=CLIENT, env={"BENCH_PUTS": str(puts), "BENCH_PREFIX": prefix})
    rate, bad = re.search(r"RATE (\S+) BAD (\d+)", run.out).groups()
    if bad != "0":
        raise Failed(f"wrk met {bad} errors")
    return float(rate)


def _write_puts(made, path):
    lines = [re.sub(r"^https?://[^/]+", "", one["url"]) + "\t" + _text(one["body"]) + "\n" for one in made]
    path.write_text("".join(lines), encoding="utf-8")


def _text(body):
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _write_config(made, path):
    """One transfer after the other, as curl's own file of options has them."""
    common = ('request = "PUT"\nheader = "content-type: application/json"\nheader = "accept: application/json"\n'
              'header = "authorization: Bearer bench"\noutput = "/dev/null"\nwrite-out = "%{http_code}\\n"\nsilent\n')
    escaped = lambda body: _text(body).replace("\\", "\\\\").replace('"', '\\"')
    transfers = (f'url = "{one["url"]}"\ndata-raw = "{escaped(one["body"])}"\n{common}' for one in made)
    path.write_text("next\n".join(transfers), encoding="utf-8")


def slow(bench):
    """The share of what 64 connections to a slow server can do."""
    ideal = IN_FLIGHT / 0.05
    rows = int(ideal * bench.size.slow_seconds)
    shares, ceiling = [], []
    puts = bench.work / "puts.txt"
    _write_puts(bench.requests(1024), puts)
    for turn in range(min(3, bench.size.rounds)):
        say(f"  round {turn + 1}")
        rate = wrk(bench, puts, "/wait50", 4)
        if rate:
            ceiling.append(rate / ideal)
        run, _ = bench.sent(rows, url=bench.target.url + "/wait50")
        shares.append(rows / run.wall / ideal)
    figures = [
        Figure("ours", shares, "of 64 ÷ 50 ms", "≥ 0.96", digits=3),
        Figure("wrk", ceiling, "of 64 ÷ 50 ms", digits=3),
    ]
    about = f"{rows:,} rows to a server that answers after 50 ms, {IN_FLIGHT} in flight, counted from start to exit."
    return Part("A slow server", about, figures)

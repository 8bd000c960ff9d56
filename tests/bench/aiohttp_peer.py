"""The script that people write in Python: every row of a CSV file is sent with aiohttp, with a report beside it.

    python aiohttp_peer.py FILE ROWS REPORT URL WORKERS
"""

import asyncio
import csv
import itertools
import sys

import aiohttp

path, count, report, url, workers = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])
NAMES = {"given_name": "givenName", "family_name": "familyName", "time_zone": "timeZone"}
PLAIN = ("given_name family_name email phone organisation street town region postcode country time_zone birthday "
         "origin").split()


def body(row):
    made = {NAMES.get(name, name): row[name] for name in PLAIN if row[name]}
    if row["labels"]:
        made["labels"] = row["labels"].split(";")
    made["more"] = [{"key": name, "value": int(row[name]) if name == "points" else row[name]}
                    for name in ("tier", "points", "remarks") if row[name]]
    return made


async def main():
    with open(path, newline="", encoding="utf-8") as file, open(report, "w", newline="") as told:
        rows = itertools.islice(csv.DictReader(file), count)
        results = csv.writer(told)
        headers = {"Accept": "application/json", "Authorization": "Bearer bench"}
        connector = aiohttp.TCPConnector(limit=workers)
        async with aiohttp.ClientSession(headers=headers, connector=connector) as session:

            async def work():
                for row in rows:
                    async with session.put(f"{url}/contacts/{row['person_id']}", json=body(row)) as reply:
                        text = await reply.text()
                        results.writerow([row["person_id"], reply.status, "" if reply.status < 300 else text])

            await asyncio.gather(*(work() for _ in range(workers)))


asyncio.run(main())

"""Writes a table as other programs do: `make.py FILE < job.json`.

The job says the kind, its options and the rows. Exit code 77: a library for that kind is not installed.
"""

import csv
import datetime
import gzip
import io
import json
import sys


def cell(value):
    """A JSON value as a cell: an object is a date, a moment, a time, a formula or its error."""
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    if kind == "date":
        return datetime.date.fromisoformat(text)
    if kind == "moment":
        return datetime.datetime.fromisoformat(text)
    if kind == "time":
        return datetime.time.fromisoformat(text)
    return text


def text(job, path):
    out = io.StringIO(newline="")
    if job.get("sep"):
        out.write("sep=" + job["delimiter"] + job.get("end", "\r\n"))
    for line in job.get("before", []):
        out.write(line + job.get("end", "\r\n"))
    quote = job.get("quote", '"')
    writer = csv.writer(
        out,
        delimiter=job.get("delimiter", ","),
        quotechar=quote,
        quoting={"minimal": csv.QUOTE_MINIMAL, "all": csv.QUOTE_ALL, "none": csv.QUOTE_NONE}[job.get("quoting", "minimal")],
        lineterminator=job.get("end", "\r\n"),
    )
    for number, row in enumerate(job["rows"]):
        writer.writerow(row)
        for line in job.get("between", []) if number == 1 else []:
            out.write(line + job.get("end", "\r\n"))
    encoding = job.get("encoding", "utf-8")
    mark = "\ufeff" if job.get("mark") else ""
    data = (mark + out.getvalue()).encode(encoding)
    if job.get("gzip"):
        data = gzip.compress(data)
    with open(path, "wb") as file:
        file.write(data)


def xlsx(job, path):
    import openpyxl

    book = openpyxl.Workbook(write_only=False)
    book.remove(book.active)
    for sheet in job["sheets"]:
        page = book.create_sheet(sheet["name"])
        page.sheet_state = sheet.get("state", "visible")
        for y, row in enumerate(sheet["rows"], sheet.get("top", 1)):
            for x, value in enumerate(row, sheet.get("left", 1)):
                if value is None:
                    continue
                one = page.cell(y, x, cell(value))
                if isinstance(value, dict) and "error" in value:
                    one.data_type = "e"
        for place, code in sheet.get("formats", {}).items():
            page[place].number_format = code
        for place in sheet.get("merged", []):
            page.merge_cells(place)
    book.save(path)


def big(job, path):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Contacts")
    page.append(["Id", "First", "Last", "Mail", "Phone", "Born", "Note"])
    day = datetime.date(1990, 5, 6)
    for n in range(job["rows"]):
        page.append([f"id{n:07}", f"First{n}", "Levi", f"p{n}@example.com", 972500000000 + n, day, "שלום " * 4])
    book.save(path)


def xls(job, path):
    import xlwt

    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for sheet in job["sheets"]:
        page = book.add_sheet(sheet["name"])
        for y, row in enumerate(sheet["rows"]):
            for x, value in enumerate(row):
                if isinstance(value, dict):
                    page.write(y, x, cell(value), day)
                elif value is not None:
                    page.write(y, x, value)
    book.save(path)


def ods(job, path):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for sheet in job["sheets"]:
        page = Table(name=sheet["name"])
        for row in sheet["rows"]:
            line = TableRow()
            for value in row:
                if value is None:
                    one = TableCell()
                elif isinstance(value, dict):
                    ((kind, said),) = value.items()
                    one = TableCell(valuetype="date", datevalue=said)
                    one.addElement(P(text="whatever it looks like"))
                elif isinstance(value, bool):
                    one = TableCell(valuetype="boolean", booleanvalue=str(value).lower())
                    one.addElement(P(text=str(value).upper()))
                elif isinstance(value, (int, float)):
                    one = TableCell(valuetype="float", value=str(value))
                    one.addElement(P(text="9.7E+11"))
                else:
                    one = TableCell(valuetype="string")
                    for part in value.split("\n"):
                        one.addElement(P(text=part))
                line.addElement(one)
            page.addElement(line)
        book.spreadsheet.addElement(page)
    book.save(path)


job = json.load(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8"))
try:
    {"text": text, "xlsx": xlsx, "big": big, "xls": xls, "ods": ods}[job["kind"]](job, sys.argv[1])
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(77)

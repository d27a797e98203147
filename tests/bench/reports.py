"""`make bench-reports`: how long a consolidated report takes, and whether its totals are right.

It makes a plan in a database of its own, then the Word file, the workbook and the page, and
compares every total with plain SQL. The figures as one JSON object on the last line.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time

import django

ITEMS = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=ITEMS)
    items = parser.parse_args().items
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        print(json.dumps(measure(items)))
    finally:
        teardown_databases(kept, verbosity=0)


def measure(items: int) -> dict[str, float]:
    """CPU seconds of one whole report from its rows, and how many totals differ from SQL."""
    from django.test import Client
    from django.utils import timezone

    from tasks.reporting.gathering import GATHERED, gather
    from tasks.reporting.official_letter import letter
    from tasks.reporting.report_workbook import workbook
    from tasks.rules.calendar import local_date
    from tests.bench.report_plan import filled_plan
    from tests.bench.report_totals import everything
    from tests.factories import make_person

    today = local_date(timezone.now())
    report = filled_plan(items, today=today)
    client = Client()
    client.force_login(make_person(report.unit))
    address = f"/reports/{report.pk}/paper/"
    client.get(address)  # templates and catalogues are loaded once, whatever is printed
    started = time.process_time()
    steps = {}
    content = gather(GATHERED.get(pk=report.pk), today=today)
    steps["gathering"] = time.process_time() - started
    word = letter(content)
    steps["letter"] = time.process_time() - started - sum(steps.values())
    excel = workbook(content)
    steps["workbook"] = time.process_time() - started - sum(steps.values())
    page = client.get(address).content.decode()
    steps["page"] = time.process_time() - started - sum(steps.values())
    for name, seconds in steps.items():
        print(f"{name:12}{seconds:8.2f} s")
    print(f"{'memory':12}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")
    return {
        "items": items,
        "cpu_s": round(sum(steps.values()), 2),
        "totals_differ": everything(report, word, excel, page, today),
    }


if __name__ == "__main__":
    main()

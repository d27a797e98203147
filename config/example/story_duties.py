"""A report asked for by letter in the plan of targets: handed in, handed in late, missing."""

from __future__ import annotations

import datetime as dt

from config.example.registry import code_of
from config.example.stage import Story
from tasks.models import Plan, Report, Reporters, SectionKind, Unit
from workflows.actions import obligations, reports
from workflows.actions.obligations import RequestLetter, Wanted
from workflows.actions.reports import texts_by_kind

FOCAL = "vhttdl"
NUMBER = "1742/SVHTTDL-QLVH"
TITLE = "Số thư viện, tủ sách cộng đồng đang mở cửa phục vụ"
# By unit: how many days ago it handed in; the other one that is asked keeps silent.
HANDED_IN = {
    "bensen": (26, "Phường có 1 thư viện và 4 tủ sách khu phố, đều mở cửa buổi tối."),
    "caumay": (19, "Phường có 3 tủ sách; một tủ sách tạm đóng cửa để sửa chữa."),
}
SILENT = "golua"


def tell_duties(story: Story, plan: Plan) -> None:
    """The focal unit of `plan` asks three of its units, with a date that is over now."""
    days = story.days
    sent_on = days.ago(38)
    wanted = Wanted(
        title=TITLE,
        due_on=days.ago(24),
        reporters=Reporters.CHOSEN,
        units=[_unit(key) for key in (*HANDED_IN, SILENT)],
        data_from=dt.date(sent_on.year, 1, 1),
        data_to=sent_on,
    )

    def ask(at: dt.datetime) -> None:
        letter = RequestLetter(NUMBER, sent_on)
        actor = story.cast.officer(FOCAL)
        obligations.request_reports(plan=plan, wanted=wanted, letter=letter, actor=actor, at=at)

    story.add(sent_on, ask)
    for key, (ago, words) in HANDED_IN.items():
        _hand_in(story, days.ago(ago), key, words)


def _hand_in(story: Story, day: dt.date, key: str, words: str) -> None:
    def act(at: dt.datetime) -> None:
        about = {"unit": _unit(key), "period__obligation__request__number": NUMBER}
        report = Report.objects.get(**about)
        officer, leader = story.cast.officer(key), story.cast.leader(key)
        texts = texts_by_kind(report, {SectionKind.RESULTS: words})
        reports.save_report(report=report, actor=officer, at=at, texts=texts)
        reports.present_report(report=report, actor=officer, at=at)
        reports.submit_report(report=report, actor=leader, at=at)

    story.add(day, act)


def _unit(key: str) -> Unit:
    return Unit.objects.get(code=code_of(key))

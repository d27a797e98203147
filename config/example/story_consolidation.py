"""The consolidated report begins: a draft with sources, one sentence left out, and its files."""

from __future__ import annotations

import datetime as dt

from config.example.stage import Story
from tasks.models import FileFormat, Report, SectionKind
from tasks.reporting.consolidating import account_of
from workflows.actions.consolidation import assemble_report, leave_out
from workflows.actions.report_files import ask_file
from workflows.actions.reports import save_report, texts_by_kind
from workflows.making import make_file

# Of the report of the interior: a remark on its own classes, which the province need not read.
_LEFT_OUT = "Tài liệu đã đưa lên mạng để công chức mới tự học."
_SHORTENED = f" {_LEFT_OUT}"


def tell_consolidation(story: Story) -> None:
    story.add(story.days.ago(2), lambda at: _begin(story, at))


def _begin(story: Story, at: dt.datetime) -> None:
    report = Report.objects.get(plan=story.plan, is_consolidated=True)
    actor = story.cast.officer(story.focal)
    assemble_report(report=report, actor=actor, at=at)
    results = report.sections.get(kind=SectionKind.RESULTS)
    shortened = {SectionKind.RESULTS: results.text.replace(_SHORTENED, "")}
    save_report(report=report, actor=actor, at=at, texts=texts_by_kind(report, shortened))
    missing = [(one.section.pk, one.words) for one in account_of(report).missing]
    leave_out(
        report=report,
        actor=actor,
        at=at,
        chosen=missing,
        reason="Việc nội bộ của lớp tập huấn, không cần nêu trong báo cáo của tỉnh.",
    )
    for wanted in FileFormat:
        file = ask_file(report=report, wanted=wanted, actor=actor, at=at)
        make_file(file.pk, lambda: at)

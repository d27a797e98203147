"""A report on paper: read, confirmed, and received for its unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tasks.models import (
    Deadline,
    Event,
    Indicator,
    Measurement,
    PaperState,
    Proposal,
    Report,
    ReportState,
    SectionKind,
    Verb,
)
from tests.factories import make_actor
from tests.workflows.acts import open_nodes
from tests.workflows.paper_world import AT, PAPER, TODAY, District, make_district, texts
from workflows.actions import papers, reports
from workflows.actions.measurements import FigureInput
from workflows.actions.papers import PaperInput, ProposalInput, hand_in_paper, receive_paper
from workflows.actions.proposals import Addressee
from workflows.errors import ActionRefused, NotAllowed, Overtaken
from workflows.paper_reading import read_paper_report

pytestmark = pytest.mark.django_db
ARRIVED = dt.date(2023, 12, 6)


@pytest.fixture
def district(settings: Any, tmp_path: Any) -> District:
    settings.MEDIA_ROOT = tmp_path
    return make_district()


def confirmed(district: District, **changes: Any) -> PaperInput:
    report = district.report
    first = report.sections.get(kind=SectionKind.RESULTS)
    given = PaperInput(
        number="88/BC-UBND",
        issued_on=dt.date(2023, 12, 4),
        received_on=ARRIVED,
        signer="Trần Văn Lãnh",
        texts={first.pk: "Câu lạc bộ có 21 thành viên."},
        figures=[
            FigureInput(
                indicator=Indicator.objects.get(),
                unit=report.unit,
                covers_from=dt.date(2023, 1, 1),
                covers_to=dt.date(2023, 12, 31),
                value=Decimal(21),
                source="88/BC-UBND",
            )
        ],
        proposals=[ProposalInput("Mở lớp tập huấn", Addressee(district.science))],
    )
    return replace(given, **changes)


def received(district: District, **changes: Any) -> Report:
    paper = district.read()
    given = confirmed(district, **changes)
    return receive_paper(paper=paper, actor=district.clerk, at=AT, given=given)


def test_reading_lays_the_text_beside_the_sections(district: District) -> None:
    read = read_paper_report(district.read(), today=TODAY)
    assert (read.number, read.issued_on, read.signer) == (
        "88/BC-UBND",
        dt.date(2023, 12, 4),
        "Trần Văn Lãnh",
    )
    kinds = {one.pk: one.kind for one in district.report.sections.all()}
    told = {kinds[pk]: text.splitlines() for pk, text in read.texts.items()}
    assert told["difficulties"] == ["Thành viên câu lạc bộ thiếu mặt bằng để trưng bày sản phẩm."]
    assert told["proposals"][0].startswith("Đề nghị Sở Khoa học và Công nghệ")
    assert told["next_steps"][-1] == "Trên đây là báo cáo của UBND huyện Sông Lãnh./."
    assert told["results"][0].startswith("Thực hiện Công văn số 15/SKHCN-VP")
    assert [(one.value, one.measure) for one in read.figures] == [
        (Decimal(9), "thành viên"),
        (Decimal(21), "thành viên"),
        (Decimal(64), "triệu đồng"),
    ]
    assert [one.unit for one in read.proposals] == [district.science.pk] * 2


def test_nothing_exists_before_it_is_confirmed(district: District) -> None:
    district.read()
    assert district.report.state == ReportState.EXPECTED
    assert not Measurement.objects.exists()
    assert not Proposal.objects.exists()


def test_received_report_is_handed_in_on_the_day_it_arrived(district: District) -> None:
    report = received(district)
    fresh = district.report
    assert (fresh.state, fresh.on_paper, fresh.approved_by) == (ReportState.SUBMITTED, True, None)
    assert Deadline.objects.get(report=report).fulfilled_on == ARRIVED
    assert open_nodes(fresh) == ["review"]
    assert texts(fresh)["results"] == "Câu lạc bộ có 21 thành viên."
    assert fresh.versions.get().content["paper"]["signer"] == "Trần Văn Lãnh"
    event = Event.objects.get(verb=Verb.REPORT_RECEIVED)
    assert (event.actor, "88/BC-UBND" in event.words) == (district.clerk.person, True)


def test_figures_and_proposals_come_with_their_source(district: District) -> None:
    report = received(district)
    figure = Measurement.objects.get()
    assert (figure.value, figure.report, figure.source) == (Decimal(21), report, "88/BC-UBND")
    proposal = Proposal.objects.get()
    assert (proposal.report, proposal.state, proposal.unit) == (report, "open", district.unit)
    assert proposal.answer_deadlines.get().unit == district.science


def test_focal_unit_accepts_a_report_on_paper(district: District) -> None:
    received(district)
    reports.accept_report(report=district.report, actor=district.focal, at=AT)
    assert district.report.state == ReportState.ACCEPTED
    assert open_nodes(district.report) == []


def test_clerk_of_the_receiving_unit_receives_it_for_the_unit(district: District) -> None:
    paper = district.read(actor=district.focal_clerk)
    given = confirmed(district)
    receive_paper(paper=paper, actor=district.focal_clerk, at=AT, given=given)
    assert district.report.state == ReportState.SUBMITTED


def test_others_neither_hand_in_nor_receive(district: District) -> None:
    stranger = make_actor(district.plan.issuer)
    with pytest.raises(NotAllowed):
        district.read(actor=stranger)
    paper = district.read()
    with pytest.raises(NotAllowed):
        receive_paper(paper=paper, actor=stranger, at=AT, given=confirmed(district))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"received_on": TODAY + dt.timedelta(days=1)}, "still to come"),
        ({"received_on": dt.date(2023, 12, 3)}, "before the day it is dated"),
        ({"signer": " "}, "who signed"),
        ({"texts": {}}, "at least one section"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    district: District, changes: dict[str, Any], said: str
) -> None:
    paper = district.read()
    with pytest.raises(ActionRefused, match=said):
        receive_paper(
            paper=paper, actor=district.clerk, at=AT, given=confirmed(district, **changes)
        )
    paper.refresh_from_db(fields=["number"])
    assert district.report.state == ReportState.EXPECTED
    assert not Measurement.objects.exists()


def test_same_file_is_handed_in_once(district: District) -> None:
    paper = district.read()
    with pytest.raises(ActionRefused, match=f"This very file .* {district.unit.short_name}"):
        district.read()
    papers.discard_paper(paper=paper, actor=district.clerk)
    assert district.read().state == PaperState.REVIEWING


def test_number_of_the_unit_is_received_once(district: District) -> None:
    received(district)
    reports.return_report(report=district.report, actor=district.focal, at=AT, reason="Thiếu số")
    file = ContentFile(PAPER.read_bytes() + b"\nBan sao")
    again = hand_in_paper(
        report=district.report, file=file, file_name="b.txt", actor=district.clerk, at=AT
    )
    type(again).objects.filter(pk=again.pk).update(state=PaperState.REVIEWING)
    given = confirmed(district, figures=[], number="88/bc-ubnd")
    with pytest.raises(ActionRefused, match="88/bc-ubnd of this unit was received already"):
        receive_paper(paper=again, actor=district.clerk, at=AT, given=given)
    given = confirmed(district, figures=[], number="90/BC-UBND")
    receive_paper(paper=again, actor=district.clerk, at=AT, given=given)
    assert district.report.state == ReportState.SUBMITTED


def test_text_written_so_far_is_kept_as_a_version(district: District) -> None:
    actor = make_actor(district.unit)
    said = reports.texts_by_kind(district.report, {SectionKind.RESULTS: "Đang viết"})
    reports.save_report(report=district.report, actor=actor, at=AT, texts=said)
    received(district)
    occasions = list(district.report.versions.values_list("occasion", flat=True))
    assert occasions == ["replaced", "submitted"]


def test_report_that_was_handed_in_is_not_received_again(district: District) -> None:
    paper = district.read()
    given = confirmed(district, figures=[], proposals=[])
    receive_paper(paper=paper, actor=district.clerk, at=AT, given=given)
    with pytest.raises(Overtaken):
        receive_paper(paper=paper, actor=district.clerk, at=AT, given=given)
    with pytest.raises(Overtaken):
        district.read()

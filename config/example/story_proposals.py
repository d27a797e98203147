"""What units propose and what becomes of it, and one report that came on paper."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.core.files.base import ContentFile

from config.example.registry import code_of
from config.example.stage import Story
from tasks.importing.reading import read_pasted
from tasks.importing.serialising import as_json
from tasks.models import PaperReport, Proposal, Unit
from tasks.rules.calendar import DAY, local_date
from workflows.actions import papers, proposals
from workflows.actions.leases import claim
from workflows.actions.papers import PaperInput, ProposalInput
from workflows.actions.proposals import Addressee
from workflows.paper_reading import read_paper_report

_PAPER = Path(__file__).parent / "texts" / "bao-cao-giay.txt"
_MONEY = "Cấp kinh phí mua bộ tài liệu tập huấn một cửa cho 96 xã, phường."
_COURSE = "Đưa kỹ năng một cửa vào chương trình bồi dưỡng công chức bắt buộc hằng năm."
_HALL = "Bố trí nguồn sửa chữa nhà văn hóa xã làm điểm hướng dẫn dịch vụ công."


def tell_written_proposals(story: Story) -> None:
    """Told before the reports: around a feast both fall on one day, and the report leaves."""
    ago = story.days.ago
    _write(story, ago(20), "noivu", _COURSE, to=story.focal)
    _write(story, ago(20), "noivu", _MONEY, to="taichinh")


def tell_proposals(story: Story) -> None:
    """What became of them, told after the reports that held them."""
    ago = story.days.ago
    _answer(story, ago(12), story.focal, _COURSE, "Đã đưa vào kế hoạch bồi dưỡng năm tới.")
    _refuse(
        story,
        ago(9),
        "taichinh",
        _MONEY,
        "Dự toán năm nay đã giao hết; đề nghị dùng tài liệu điện tử sẵn có.",
    )
    _propose(story, ago(45), "1.d", "vhttdl", _HALL, to="taichinh")
    _receive(story, ago(1), "caumay")


def _unit(key: str) -> Unit:
    return Unit.objects.get(code=code_of(key))


def _write(story: Story, day: dt.date, key: str, words: str, *, to: str) -> None:
    def act(at: dt.datetime) -> None:
        proposals.write_proposal(
            report=story.report(key),
            actor=story.cast.officer(key),
            at=at,
            words=words,
            addressee=Addressee(_unit(to)),
        )

    story.add(day, act)


def _propose(story: Story, day: dt.date, item: str, key: str, words: str, *, to: str) -> None:
    def act(at: dt.datetime) -> None:
        proposals.raise_proposal(
            participation=story.part(item, key),
            actor=story.cast.officer(key),
            at=at,
            words=words,
            addressee=Addressee(_unit(to)),
        )

    story.add(day, act)


def _answer(story: Story, day: dt.date, key: str, asked: str, words: str) -> None:
    def act(at: dt.datetime) -> None:
        proposal = Proposal.objects.get(words=asked)
        actor = story.cast.officer(key)
        proposals.answer_proposal(proposal=proposal, actor=actor, at=at, words=words)

    story.add(day, act)


def _refuse(story: Story, day: dt.date, key: str, asked: str, reason: str) -> None:
    def act(at: dt.datetime) -> None:
        proposal = Proposal.objects.get(words=asked)
        actor = story.cast.officer(key)
        proposals.refuse_proposal(proposal=proposal, actor=actor, at=at, reason=reason)

    story.add(day, act)


def _receive(story: Story, day: dt.date, key: str) -> None:
    """The focal unit's clerk receives what the unit sent on paper three days before."""

    def act(at: dt.datetime) -> None:
        actor, text = story.cast.clerk(story.focal), _PAPER.read_text(encoding="utf-8")
        paper = papers.hand_in_paper(
            report=story.report(key),
            file=ContentFile(text.encode()),
            file_name="41-BC-UBND.txt",
            actor=actor,
            at=at,
        )
        leased = claim(PaperReport, paper.pk, at=at)
        assert leased is not None
        papers.keep_paper_reading(leased, as_json(read_pasted(text)), at=at)
        paper = PaperReport.objects.get(pk=paper.pk)
        read = read_paper_report(paper, today=local_date(at))
        asked = [
            ProposalInput(one.words, Addressee(Unit.objects.get(pk=one.unit) if one.unit else None))
            for one in read.proposals
        ]
        given = PaperInput(
            number=read.number,
            issued_on=local_date(at) - 3 * DAY,
            received_on=local_date(at),
            signer=read.signer,
            texts=read.texts,
            proposals=asked,
        )
        papers.receive_paper(paper=paper, actor=actor, at=at, given=given)

    story.add(day, act)

"""The acts that a story is told in: each finds its people and calls the product's own action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

import docx
from django.core.files.base import ContentFile, File

from config.example.days import Days
from config.example.people import DEPUTY_CHAIR
from config.example.registry import code_of
from tasks.models import (
    Deadline,
    DeadlineKind,
    Extension,
    Membership,
    MembershipRole,
    Obstacle,
    Participation,
    Person,
    Plan,
    PlanItem,
    Report,
    ReportComment,
    Role,
    SectionKind,
    Unit,
)
from tasks.rules.calendar import local_instant
from workflows.access import Actor
from workflows.actions import (
    assignment,
    extensions,
    report_comments,
    reports,
    supervision,
    work,
)
from workflows.actions.reports import texts_by_kind

Act = Callable[[dt.datetime], None]

FIRST_HOUR = 8
WORKING_MINUTES = 8 * 60


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts, by the key of the unit."""

    officer: Callable[[str], Actor]
    leader: Callable[[str], Actor]
    clerk: Callable[[str], Actor]
    supervisor: Actor


def cast() -> Cast:
    """The people of the example, looked up once each."""

    @cache
    def unit(key: str) -> Unit:
        return Unit.objects.get(code=code_of(key))

    @cache
    def holder(key: str, role: MembershipRole) -> Actor | None:
        posts = Membership.objects.filter(unit=unit(key), role=role).order_by("person__username")
        post = posts.select_related("person").first()
        return Actor(post.person, unit(key)) if post else None

    def officer(key: str) -> Actor:
        found = holder(key, MembershipRole.OFFICER)
        assert found is not None
        return found

    def leader(key: str) -> Actor:
        found = holder(key, MembershipRole.LEADER)
        assert found is not None
        return found

    deputy = Person.objects.get(username=DEPUTY_CHAIR)
    return Cast(
        officer,
        leader,
        lambda key: holder(key, MembershipRole.CLERK) or officer(key),
        Actor(deputy, unit("ubnd")),
    )


@dataclass(slots=True)
class Story:
    """Acts on one plan, each with its day. Items go by the end of their code, units by key."""

    plan: Plan
    days: Days
    cast: Cast
    focal: str
    acts: list[tuple[dt.date, Act]] = field(default_factory=list)

    def add(self, day: dt.date, act: Act) -> None:
        self.acts.append((day, act))

    def by_day(self) -> dict[dt.date, list[Act]]:
        """Acts on working days, in the order of the days that were meant, then as told."""
        ordered: dict[dt.date, list[Act]] = {}
        for day, act in sorted(self.acts, key=lambda one: one[0]):
            ordered.setdefault(self.days.worked(day), []).append(act)
        return ordered

    def part(self, item: str, key: str, role: Role = Role.LEAD) -> Participation:
        return (
            Participation.objects.select_related("item__plan", "unit")
            .exclude(state="replaced")
            .get(item__plan=self.plan, item__code=f"II.{item}", unit__code=code_of(key), role=role)
        )

    def item(self, code: str) -> PlanItem:
        return self.plan.items.get(code=f"II.{code}")

    def deadline(self, item: str, key: str, kind: DeadlineKind = DeadlineKind.ITEM) -> Deadline:
        """The open deadline of this kind; of a coordinating part when the unit does not lead."""
        return Deadline.objects.get(
            plan=self.plan,
            kind=kind,
            unit__code=code_of(key),
            participation__item__code=f"II.{item}",
            closed_at__isnull=True,
        )

    def acknowledge(self, day: dt.date, item: str, key: str, role: Role = Role.LEAD) -> None:
        """The clerk takes it in and names the unit's first officer."""

        def act(at: dt.datetime) -> None:
            assignment.acknowledge(
                participation=self.part(item, key, role),
                actor=self.cast.clerk(key),
                at=at,
                officer=self.cast.officer(key).person,
            )

        self.add(day, act)

    def decline(self, day: dt.date, item: str, key: str, reason: str) -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.leader(key)
            assignment.decline(
                participation=self.part(item, key), actor=actor, at=at, reason=reason
            )

        self.add(day, act)

    def insist(self, day: dt.date, item: str, key: str, words: str) -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.leader(self.focal)
            assignment.insist(participation=self.part(item, key), actor=actor, at=at, words=words)

        self.add(day, act)

    def reassign(self, day: dt.date, item: str, key: str, heir: str, words: str) -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.leader(self.focal)
            unit = Unit.objects.get(code=code_of(heir))
            part = self.part(item, key)
            assignment.reassign(participation=part, unit=unit, actor=actor, at=at, words=words)

        self.add(day, act)

    def progress(
        self, day: dt.date, item: str, key: str, percent: int, words: str, *names: str
    ) -> None:
        def act(at: dt.datetime) -> None:
            work.update_progress(
                participation=self.part(item, key),
                actor=self.cast.officer(key),
                at=at,
                percent=percent,
                words=words,
                files=evidence(names, words),
            )

        self.add(day, act)

    def claim(self, day: dt.date, item: str, key: str, words: str, *names: str) -> None:
        def act(at: dt.datetime) -> None:
            work.claim_completion(
                participation=self.part(item, key),
                actor=self.cast.officer(key),
                at=at,
                words=words,
                files=evidence(names, words),
            )

        self.add(day, act)

    def accept(self, day: dt.date, item: str, key: str, words: str = "") -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.officer(self.focal)
            work.accept_completion(
                participation=self.part(item, key), actor=actor, at=at, words=words
            )

        self.add(day, act)

    def give_back(self, day: dt.date, item: str, key: str, reason: str) -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.officer(self.focal)
            work.return_completion(
                participation=self.part(item, key), actor=actor, at=at, reason=reason
            )

        self.add(day, act)

    def obstacle(self, day: dt.date, item: str, key: str, words: str) -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.officer(key)
            work.raise_obstacle(participation=self.part(item, key), actor=actor, at=at, words=words)

        self.add(day, act)

    def answer(self, day: dt.date, item: str, key: str, words: str) -> None:
        def act(at: dt.datetime) -> None:
            obstacle = Obstacle.objects.get(
                participation=self.part(item, key), answered_at__isnull=True
            )
            actor = self.cast.officer(self.focal)
            work.answer_obstacle(obstacle=obstacle, actor=actor, at=at, words=words)

        self.add(day, act)

    def ask_time(self, day: dt.date, item: str, key: str, due_on: dt.date, reason: str) -> None:
        def act(at: dt.datetime) -> None:
            extensions.request_extension(
                participation=self.part(item, key),
                actor=self.cast.officer(key),
                at=at,
                due_on=due_on,
                reason=reason,
            )

        self.add(day, act)

    def grant_time(self, day: dt.date, item: str, key: str, words: str) -> None:
        def act(at: dt.datetime) -> None:
            extension = self._asked(item, key)
            extensions.grant_extension(
                extension=extension, actor=self.cast.supervisor, at=at, words=words
            )

        self.add(day, act)

    def refuse_time(self, day: dt.date, item: str, key: str, reason: str) -> None:
        def act(at: dt.datetime) -> None:
            extension = self._asked(item, key)
            extensions.refuse_extension(
                extension=extension, actor=self.cast.supervisor, at=at, reason=reason
            )

        self.add(day, act)

    def _asked(self, item: str, key: str) -> Extension:
        return Extension.objects.get(
            deadline__participation=self.part(item, key), state="requested"
        )

    def suspend(self, day: dt.date, item: str, reason: str) -> None:
        def act(at: dt.datetime) -> None:
            supervisor = self.cast.supervisor
            supervision.suspend_item(item=self.item(item), actor=supervisor, at=at, reason=reason)

        self.add(day, act)

    def follow_up(self, day: dt.date, item: str, key: str, words: str, *, from_top: bool) -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.supervisor if from_top else self.cast.leader(self.focal)
            deadline = self.deadline(item, key)
            supervision.follow_up(deadline=deadline, actor=actor, at=at, words=words)

        self.add(day, act)

    def take_notice(self, day: dt.date, item: str, key: str, kind: DeadlineKind) -> None:
        def act(at: dt.datetime) -> None:
            deadline = self.deadline(item, key, kind)
            supervision.take_notice(deadline=deadline, actor=self.cast.supervisor, at=at)

        self.add(day, act)

    def report(self, key: str) -> Report:
        return Report.objects.get(plan=self.plan, unit__code=code_of(key), is_consolidated=False)

    def write(self, day: dt.date, key: str, texts: Mapping[SectionKind, str]) -> None:
        def act(at: dt.datetime) -> None:
            report = self.report(key)
            actor = self.cast.officer(key)
            reports.save_report(
                report=report, actor=actor, at=at, texts=texts_by_kind(report, texts)
            )

        self.add(day, act)

    def comment(self, day: dt.date, key: str, kind: SectionKind, words: str) -> None:
        """Whoever consolidates says something about a section that was submitted."""

        def act(at: dt.datetime) -> None:
            section = self.report(key).sections.get(kind=kind)
            actor = self.cast.officer(self.focal)
            report_comments.comment_section(section=section, actor=actor, at=at, words=words)

        self.add(day, act)

    def settle(self, day: dt.date, key: str, words: str) -> None:
        """The officer settles every comment on the report with the same answer."""

        def act(at: dt.datetime) -> None:
            actor = self.cast.officer(key)
            said = ReportComment.objects.unsettled().filter(section__report=self.report(key))
            for comment in said:
                report_comments.settle_comment(comment=comment, actor=actor, at=at, words=words)

        self.add(day, act)

    def present(self, day: dt.date, key: str) -> None:
        def act(at: dt.datetime) -> None:
            reports.present_report(report=self.report(key), actor=self.cast.officer(key), at=at)

        self.add(day, act)

    def send_back(self, day: dt.date, key: str, reason: str) -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.leader(key)
            reports.send_back_report(report=self.report(key), actor=actor, at=at, reason=reason)

        self.add(day, act)

    def submit(self, day: dt.date, key: str) -> None:
        def act(at: dt.datetime) -> None:
            reports.submit_report(report=self.report(key), actor=self.cast.leader(key), at=at)

        self.add(day, act)

    def accept_report(self, day: dt.date, key: str) -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.officer(self.focal)
            reports.accept_report(report=self.report(key), actor=actor, at=at)

        self.add(day, act)

    def return_report(self, day: dt.date, key: str, reason: str) -> None:
        def act(at: dt.datetime) -> None:
            actor = self.cast.officer(self.focal)
            reports.return_report(report=self.report(key), actor=actor, at=at, reason=reason)

        self.add(day, act)


def instants(day: dt.date, count: int) -> Iterator[dt.datetime]:
    """Moments of one working day, from eight o'clock on, none shared."""
    minutes = min(14, WORKING_MINUTES // max(count, 1))
    for number in range(count):
        yield local_instant(day, FIRST_HOUR, 5) + number * dt.timedelta(minutes=max(minutes, 1))


def evidence(names: Iterable[str], words: str) -> list[File[bytes]]:
    """Small files to show, made on the spot: Word for a `.docx`, plain text for the rest."""
    return [
        ContentFile(_word_file(words) if name.endswith(".docx") else words.encode(), name=name)
        for name in names
    ]


def _word_file(words: str) -> bytes:
    document = docx.Document()
    document.add_heading("Tài liệu minh chứng", level=1)
    document.add_paragraph(words)
    document.add_paragraph("Số liệu trong tài liệu này là số liệu minh họa.")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()

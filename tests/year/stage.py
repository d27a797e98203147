"""What the units of the province do, in short words: each is one real action at one moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tasks.models import (
    Deadline,
    DeadlineKind,
    Extension,
    Obstacle,
    Participation,
    ParticipationState,
    Plan,
    Report,
    SectionKind,
)
from tests.year.province import FOCAL, ISSUER, Province
from workflows.actions import assignment, extensions, reports, supervision, work
from workflows.actions.reports import texts_by_kind


@dataclass(slots=True)
class Stage:
    province: Province
    plan: Plan
    at: dt.datetime

    def part(self, code: str, unit: str) -> Participation:
        return Participation.objects.select_related("item__plan", "unit").get(
            item__plan=self.plan, item__code=code, unit__short_name=unit
        )

    def report(self, unit: str, *, consolidated: bool = False) -> Report:
        return Report.objects.get(
            plan=self.plan, unit__short_name=unit, is_consolidated=consolidated
        )

    def acknowledge(self, code: str, unit: str, role: str = "officer") -> None:
        assignment.acknowledge(
            participation=self.part(code, unit),
            actor=self.province.actor(unit, role),
            at=self.at,
            officer=self.province.people[unit, "officer"],
        )

    def acknowledge_all_but(self, late: set[tuple[str, str]]) -> None:
        """Every unit takes what waits for it; the clerk does it where there is one."""
        waiting = Participation.objects.filter(
            item__plan=self.plan, state=ParticipationState.ASSIGNED
        ).order_by("pk")
        for code, unit in waiting.values_list("item__code", "unit__short_name"):
            if (code, unit) not in late:
                has_clerk = (unit, "clerk") in self.province.people
                self.acknowledge(code, unit, "clerk" if has_clerk else "officer")

    def decline(self, code: str, unit: str) -> None:
        assignment.decline(
            participation=self.part(code, unit),
            actor=self.province.actor(unit),
            at=self.at,
            reason="Quỹ đã kết thúc hoạt động tại tỉnh",
        )

    def reassign(self, code: str, unit: str, heir: str) -> None:
        assignment.reassign(
            participation=self.part(code, unit),
            unit=self.province.units[heir],
            actor=self.province.actor(FOCAL),
            at=self.at,
            words="Chuyển đơn vị phù hợp hơn",
        )

    def claim(self, code: str, unit: str) -> None:
        work.claim_completion(
            participation=self.part(code, unit),
            actor=self.province.actor(unit),
            at=self.at,
            words="Đã hoàn thành",
        )

    def accept(self, code: str, unit: str) -> None:
        work.accept_completion(
            participation=self.part(code, unit),
            actor=self.province.actor(FOCAL, "leader"),
            at=self.at,
        )

    def return_work(self, code: str, unit: str) -> None:
        work.return_completion(
            participation=self.part(code, unit),
            actor=self.province.actor(FOCAL),
            at=self.at,
            reason="Thiếu danh sách học viên",
        )

    def raise_obstacle(self, code: str, unit: str) -> None:
        work.raise_obstacle(
            participation=self.part(code, unit),
            actor=self.province.actor(unit),
            at=self.at,
            words="Chưa có kinh phí",
        )

    def answer_obstacle(self, code: str, unit: str) -> None:
        work.answer_obstacle(
            obstacle=Obstacle.objects.get(participation=self.part(code, unit)),
            actor=self.province.actor(FOCAL),
            at=self.at,
            words="Dùng nguồn sự nghiệp khoa học",
        )

    def ask_for_time(self, code: str, unit: str, due_on: dt.date) -> None:
        extensions.request_extension(
            participation=self.part(code, unit),
            actor=self.province.actor(unit),
            at=self.at,
            due_on=due_on,
            reason="Chờ lịch của Bộ",
        )

    def grant_time(self, code: str, unit: str) -> None:
        extensions.grant_extension(
            extension=Extension.objects.get(deadline__participation=self.part(code, unit)),
            actor=self.province.actor(ISSUER, "leader"),
            at=self.at,
        )

    def follow_up(self, code: str, unit: str) -> None:
        supervision.follow_up(
            deadline=self._unanswered(code, unit),
            actor=self.province.actor(FOCAL),
            at=self.at,
            words="Đề nghị tiếp nhận ngay",
        )

    def take_notice(self, code: str, unit: str) -> None:
        supervision.take_notice(
            deadline=self._unanswered(code, unit),
            actor=self.province.actor(FOCAL),
            at=self.at,
        )

    def _unanswered(self, code: str, unit: str) -> Deadline:
        return self.part(code, unit).deadlines.get(kind=DeadlineKind.ACKNOWLEDGEMENT)

    def write(self, unit: str, role: str = "officer", *, consolidated: bool = False) -> None:
        """Write the report and put it before the unit's leader."""
        report = self.report(unit, consolidated=consolidated)
        actor = self.province.actor(unit, role)
        reports.save_report(
            report=report,
            actor=actor,
            at=self.at,
            texts=texts_by_kind(report, {SectionKind.RESULTS: "Kết quả thực hiện"}),
        )
        reports.present_report(report=report, actor=actor, at=self.at)

    def send_back(self, unit: str) -> None:
        reports.send_back_report(
            report=self.report(unit),
            actor=self.province.actor(unit, "leader"),
            at=self.at,
            reason="Bổ sung số liệu",
        )

    def submit(self, unit: str, *, consolidated: bool = False) -> None:
        reports.submit_report(
            report=self.report(unit, consolidated=consolidated),
            actor=self.province.actor(unit, "leader"),
            at=self.at,
        )

    def accept_report(self, unit: str, *, consolidated: bool = False) -> None:
        reviewer = (ISSUER, "leader") if consolidated else (FOCAL, "officer")
        reports.accept_report(
            report=self.report(unit, consolidated=consolidated),
            actor=self.province.actor(*reviewer),
            at=self.at,
        )

    def close(self) -> None:
        supervision.close_plan(
            plan=self.plan, actor=self.province.actor(ISSUER, "leader"), at=self.at
        )

"""A plan that runs, and corrected texts of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tasks.importing.reading import read_pasted
from tasks.models import MembershipRole, Participation, Plan, PlanDraft, PlanItem, Role, Unit
from tasks.rules.calendar import local_date
from tests.factories import make_person, make_unit
from tests.workflows.draft_world import AT, ROADS, Office, make_draft, make_office
from workflows.access import Actor
from workflows.actions.assignment import acknowledge
from workflows.actions.corrections import apply_correction
from workflows.actions.drafts import issue_draft, open_draft
from workflows.correcting.comparison import Comparison, comparison_of

TEXT = ROADS.replace("Ban An toàn đập nước", "Sở Tài chính")
LATER = AT + dt.timedelta(days=30)
TODAY = local_date(LATER)

RETITLED = ("cần đặt biển hạn chế tải trọng", "phải đặt biển hạn chế tải trọng và tốc độ")
POSTPONED = ("Quý II/2023", "Quý III/2023")
HEALTH_HELPS = ("phối hợp: Sở Tài chính, các", "phối hợp: Sở Y tế, các")
FINANCE_OFF = ("trì: Sở Giao thông vận tải, Sở Tài chính", "trì: Sở Giao thông vận tải")
REPAIR = (
    "a) Sửa lan can cầu treo dân sinh.\n"
    "- Đơn vị chủ trì: Sở Tài chính.\n"
    "- Thời gian thực hiện: hàng năm.\n"
)
PAINT = (
    "a) Sơn lại vạch kẻ đường trước các trường học.\n"
    "- Đơn vị chủ trì: Sở Y tế.\n"
    "- Thời gian thực hiện: Trước ngày 31/8/2023.\n"
)
REPLACED_ITEM = (REPAIR, PAINT)


@dataclass
class Running:
    """The issued plan with the office that corrects it, and somebody in each unit."""

    office: Office
    plan: Plan
    health: Unit
    people: dict[int, Actor]

    def item(self, code: str) -> PlanItem:
        return self.plan.items.get(code=code)

    def part(self, code: str, unit: Unit, role: Role = Role.LEAD) -> Participation:
        parts = Participation.objects.filter(item__plan=self.plan, item__code=code)
        return parts.exclude(state="replaced").get(unit=unit, role=role)

    def acts_for(self, unit: Unit) -> Actor:
        if unit.pk not in self.people:
            self.people[unit.pk] = Actor(make_person(unit, MembershipRole.OFFICER), unit)
        return self.people[unit.pk]

    def acknowledged(self, code: str, unit: Unit, role: Role = Role.LEAD) -> Participation:
        acknowledge(participation=self.part(code, unit, role), actor=self.acts_for(unit), at=AT)
        return self.part(code, unit, role)

    def correction(self, *changes: tuple[str, str], text: str = TEXT) -> PlanDraft:
        """A correction with these stretches of the text replaced, read and ready to compare."""
        draft = open_draft(
            reading=read_pasted(corrected(*changes, text=text)), actor=self.office.officer, at=LATER
        )
        draft.corrects = self.plan
        draft.save()
        return draft

    def comparison(self, draft: PlanDraft) -> Comparison:
        return comparison_of(draft, self.plan, today=TODAY)

    def apply(self, draft: PlanDraft, fingerprint: str = "", words: str = "Sửa đổi") -> Plan:
        """Apply what is chosen by default or was saved."""
        return apply_correction(
            draft=draft,
            actor=self.office.officer,
            at=LATER,
            revision=draft.revision,
            fingerprint=fingerprint or self.comparison(draft).fingerprint,
            words=words,
        )


def corrected(*changes: tuple[str, str], text: str = TEXT) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def make_running(text: str = TEXT) -> Running:
    office = make_office()
    health = make_unit("Sở Y tế")
    draft = make_draft(office, text)
    plan = issue_draft(draft=draft, actor=office.officer, at=AT, revision=draft.revision)
    return Running(office, plan, health, {})

"""The world of the bench: a country full of open deadlines, some of them of plans just issued."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission

from notifications.book import Book
from notifications.kinds import LadderKind, RungState
from notifications.ladder import fingerprint
from notifications.models import ScheduledRung
from tasks.models import (
    Deadline,
    DeadlineKind,
    DeadlineVersion,
    Document,
    Membership,
    MembershipRole,
    Participation,
    Person,
    Plan,
    PlanItem,
    PlanState,
    Role,
    Unit,
)
from tasks.models.item import ItemState, ParticipationState
from tasks.queries import working_calendar
from tasks.rules.calendar import local_instant
from tests.bench.filling import (
    date,
    day_after,
    insert,
    instant,
    is_postgres,
    minutes_before,
    series,
    settle,
)
from workflows.models import PlanGroupObjectPermission, UnitRoleGroup

# Plans were issued on a Friday, laid out that evening, and speak on the Monday morning.
ISSUED_AT = local_instant(dt.date(2023, 6, 9), 16)
LAID_OUT_AT = local_instant(dt.date(2023, 6, 9), 17)
MORNING = local_instant(dt.date(2023, 6, 12), 7, 30)
# The first rung that a deadline has on that morning is ten, three or no working days before.
DUE_ON = (dt.date(2023, 6, 26), dt.date(2023, 6, 15), dt.date(2023, 6, 12))
LATER = dt.date(2023, 10, 1)
ISSUER, FOCAL, FIRST_LEAD = 1, 2, 3
PARTS_PER_PLAN = 500


@dataclass(frozen=True, slots=True)
class Country:
    """How large the world is.

    Each participation has an open deadline of acknowledgement and one of the item. `waiting` of
    the latter are not yet laid out; all other deadlines have their next rung planned. In each
    unit there is an officer and a leader.
    """

    deadlines: int
    waiting: int
    units: int
    # Of ten waiting deadlines, how many are due in ten, in three and in no working days.
    mix: tuple[int, int, int] = (6, 3, 1)
    grants: bool = False

    @property
    def parts(self) -> int:
        return self.deadlines // 2

    @property
    def plans(self) -> int:
        return -(-self.parts // PARTS_PER_PLAN)

    def fill(self) -> None:
        """Fill the empty tables of a migrated database."""
        self._people()
        self._plans()
        if self.grants:
            self._grants()
        self._deadlines()
        self._rungs()
        settle(Unit, Person, Group, Document, Plan, PlanItem, Participation, Deadline)

    def _people(self) -> None:
        units, names = self.units + FIRST_LEAD - 1, "'Sở số ' || n"
        insert(
            Unit, series(units), id="n", code="'unit-' || n", name=names, short_name=names,
            folded_name="'so so ' || n",
        )  # fmt: skip
        insert(
            Person, series(2 * units), id="n", username="'person' || n", password="''",
            email="'person' || n || '@example.vn'", full_name="'Người số ' || n",
            date_joined=instant(ISSUED_AT),
        )  # fmt: skip
        insert(Group, series(2 * units), id="n", name="'role ' || n")
        role = (
            f"CASE n % 2 WHEN 1 THEN '{MembershipRole.OFFICER}' ELSE '{MembershipRole.LEADER}' END"
        )
        unit = "(n + 1) / 2"
        insert(Membership, series(2 * units), person_id="n", unit_id=unit, role=role)
        insert(UnitRoleGroup, series(2 * units), unit_id=unit, role=role, group_id="n")
        insert(Person.groups.through, series(2 * units), person_id="n", group_id="n")

    def _grants(self) -> None:
        """Everybody may see every plan."""
        right = Permission.objects.get(codename="view_plan", content_type__app_label="tasks")
        people, plans = 2 * (self.units + FIRST_LEAD - 1), self.plans
        insert(
            PlanGroupObjectPermission, series(people * plans), group_id=f"(n - 1) / {plans} + 1",
            content_object_id=f"(n - 1) % {plans} + 1", permission_id=str(right.pk),
        )  # fmt: skip

    def _plans(self) -> None:
        insert(
            Document, series(self.plans), id="n", number="n || '/KH-UBND'", issuer_id=str(ISSUER)
        )
        insert(
            Plan, series(self.plans), id="n", document_id="n", issuer_id=str(ISSUER),
            title="'Kế hoạch thực hiện chuyển đổi số giai đoạn ' || n", focal_unit_id=str(FOCAL),
            state=f"'{PlanState.RUNNING}'", issued_at=minutes_before(ISSUED_AT, "n"),
        )  # fmt: skip
        plan = f"((n - 1) * 2) / {PARTS_PER_PLAN} + 1"
        insert(
            PlanItem, series((self.parts + 1) // 2), id="n", plan_id=plan, code="'I.' || n",
            title="'Hoàn thành cơ sở dữ liệu dùng chung của ngành, lĩnh vực số ' || n",
            position="n", state=f"'{ItemState.IN_PROGRESS}'",
        )  # fmt: skip
        insert(
            Participation, series(self.parts), id="n", item_id="(n + 1) / 2", role=f"'{Role.LEAD}'",
            unit_id=f"{FIRST_LEAD} + (n - 1) % {self.units}",
            state=f"'{ParticipationState.ACKNOWLEDGED}'",
        )  # fmt: skip

    def _deadlines(self) -> None:
        plan, unit = f"(n - 1) / {PARTS_PER_PLAN} + 1", f"{FIRST_LEAD} + (n - 1) % {self.units}"
        ten, three, _none = self.mix
        waiting_for = (
            f"CASE WHEN n % 10 < {ten} THEN {date(DUE_ON[0])}"
            f" WHEN n % 10 < {ten + three} THEN {date(DUE_ON[1])} ELSE {date(DUE_ON[2])} END"
        )
        later = day_after(LATER, "n % 60")
        due = f"CASE WHEN n <= {self.waiting} THEN {waiting_for} ELSE {later} END"
        planned = f"CASE WHEN n <= {self.waiting} THEN 0 ELSE 1 END"
        for kind, key, due_on, laid_out in (
            (DeadlineKind.ITEM, "n", due, planned),
            (DeadlineKind.ACKNOWLEDGEMENT, f"{self.parts} + n", later, "1"),
        ):
            insert(
                Deadline, series(self.parts), id=key, kind=f"'{kind}'", plan_id=plan, unit_id=unit,
                participation_id="n", due_on=due_on, original_due_on=due_on,
                planned_version=laid_out, opened_at=minutes_before(ISSUED_AT, plan),
            )  # fmt: skip
        insert(
            DeadlineVersion, "tasks_deadline AS d", deadline_id="d.id", version="d.version",
            due_on="d.due_on", set_at="d.opened_at",
        )  # fmt: skip

    def _rungs(self) -> None:
        """The next rung of every deadline that was laid out."""
        book = Book([])
        for kind in (LadderKind.ITEM, LadderKind.ACKNOWLEDGEMENT):
            on_the_day = next(rung for rung in book.page(kind).rungs if rung.offset == 0)
            insert(
                ScheduledRung,
                f"tasks_deadline AS d WHERE d.planned_version = 1 AND d.kind = '{kind}'",
                deadline_id="d.id", version="d.version", step_id=str(on_the_day.step_id),
                rung=f"'{on_the_day.key}'", counts_from="d.due_on", fire_at=_morning("d.due_on"),
                calendar=f"'{fingerprint(working_calendar())}'", state=f"'{RungState.PLANNED}'",
            )  # fmt: skip


def _morning(day: str) -> str:
    """Half past seven in Vietnam on a date, as SQL."""
    return (
        f"(({day})::text || ' 00:30+00')::timestamptz" if is_postgres() else f"{day} || ' 00:30:00'"
    )

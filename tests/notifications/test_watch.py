"""Silence is noticed: signs of life, the health address, the banner and the page."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.beat import leave_sign_of_life
from notifications import jobs
from notifications.audit import run_audit
from notifications.heartbeats import pulse
from notifications.jobs import audit, tick
from notifications.kinds import FindingKind, MailState, Part
from notifications.models import AuditRun, Heartbeat, Mail, Message, ScheduledRung
from notifications.plan import plan_deadlines
from notifications.views import audit as pages
from notifications.watch import Verdict, keep_watch
from tasks.models import Event, Person
from tests.factories import make_person
from tests.notifications.conftest import Postmaster
from tests.notifications.scene import Scene, at, make_scene
from tests.workflows.world import ROLES, make_world

pytestmark = pytest.mark.django_db
NOON = at(2023, 7, 3, 12)
MINUTE = dt.timedelta(minutes=1)


def verdicts(moment: dt.datetime = NOON) -> dict[str, str]:
    return {check.name: check.verdict.value for check in keep_watch(at=moment).checks}


def all_well(moment: dt.datetime) -> None:
    for part in (Part.BEAT, Part.WORKER):
        pulse(part, at=moment)
    run_audit(at=moment)


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(Person.objects.create_superuser("admin", full_name="Quản trị"))
    return client


def test_everything_in_order() -> None:
    all_well(NOON)
    assert set(verdicts().values()) == {"ok"}


def test_silence_of_the_clock_and_the_worker_is_noticed() -> None:
    all_well(NOON)
    pulse(Part.WORKER, at=NOON + 10 * MINUTE)
    assert verdicts(NOON + 10 * MINUTE) == {
        "beat": "silent",
        "worker": "ok",
        "mail": "ok",
        "audit": "ok",
    }


def test_machinery_that_was_never_started_is_an_alarm() -> None:
    assert verdicts() == {"beat": "silent", "worker": "silent", "mail": "ok", "audit": "never"}


def test_new_installation_may_wait_for_its_first_check() -> None:
    pulse(Part.WORKER, at=NOON)
    assert verdicts()["audit"] == "ok"
    assert verdicts(NOON + 31 * MINUTE)["audit"] == "never"


def test_check_that_was_long_ago_is_an_alarm() -> None:
    all_well(NOON)
    assert verdicts(NOON + 31 * MINUTE)["audit"] == "stale"


def test_mail_that_waits_too_long_is_an_alarm() -> None:
    all_well(NOON)
    person = make_person()
    Mail.objects.create(
        recipient=person, address="a@example.vn", created_at=NOON, next_attempt_at=NOON
    )
    assert verdicts(NOON + 59 * MINUTE)["mail"] == "ok"
    assert verdicts(NOON + 61 * MINUTE)["mail"] == "waiting"


def test_round_leaves_signs_of_life_of_worker_and_mail(smtp: Postmaster) -> None:
    make_scene()
    Event.objects.update(announced_at=None)
    tick()
    parts = set(Heartbeat.objects.values_list("part", flat=True))
    assert parts == ({Part.WORKER, Part.MAIL} if smtp.received else {Part.WORKER})


def test_failing_round_is_told_by_its_kind_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_clock: object) -> None:
        raise DatabaseError("password=secret")

    tick()
    monkeypatch.setattr(jobs, "sweep", fail)
    with pytest.raises(DatabaseError):
        tick()
    assert Heartbeat.objects.get(part=Part.WORKER).failure == "DatabaseError"
    assert verdicts(timezone.now())["worker"] == Verdict.FAILING


def test_clock_leaves_its_sign() -> None:
    leave_sign_of_life()
    assert Heartbeat.objects.get().part == Part.BEAT


def test_audit_job_keeps_its_run() -> None:
    audit()
    assert AuditRun.objects.finished().count() == 1


def health(client: Client) -> tuple[int, Any]:
    answer = client.get(reverse("watch_health"))
    return answer.status_code, answer.json()


def test_health_address_tells_little_to_anybody(client: Client) -> None:
    all_well(timezone.now())
    fine = {"database": "ok", "beat": "ok", "worker": "ok", "mail": "ok", "audit": "ok"}
    assert health(client) == (200, {"status": "ok", "checks": fine})
    Heartbeat.objects.filter(part=Part.WORKER).delete()
    assert health(client) == (503, {"status": "alarm", "checks": {**fine, "worker": "silent"}})


def test_health_address_tells_the_administrator_more(administrator: Client) -> None:
    all_well(timezone.now())
    _status, answer = health(administrator)
    assert set(answer["checks"]["audit"]) == {"verdict", "last_at", "number"}


def test_health_address_without_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_named: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(pages, "keep_watch", fail)
    assert health(client) == (
        503,
        {"status": "alarm", "checks": {"database": "unavailable"}},
    )


def test_only_the_administrator_sees_the_banner(administrator: Client) -> None:
    assert "Reminders need your attention" in administrator.get(reverse("alerts")).content.decode()
    scene, stranger = make_scene(), Client()
    stranger.force_login(scene.leader)
    assert "need your attention" not in stranger.get(reverse("alerts")).content.decode()


def broken(scene: Scene) -> AuditRun:
    """One reminder is missing, and the check has seen it."""
    Event.objects.update(announced_at=NOON)
    plan_deadlines(at=NOON)
    ScheduledRung.objects.filter(rung="before-10", state="planned")[0].delete()
    Message.objects.filter(channel="email").update(state="skipped")
    run = run_audit(at=timezone.now())
    assert run is not None
    return run


def test_page_shows_what_differs_and_repairs_after_a_preview(administrator: Client) -> None:
    run = broken(make_scene(due_on=dt.date(2050, 6, 30)))
    shown = administrator.get(reverse("audit")).context
    assert next((group.kind, group.number) for group in shown["alarms"]) == (
        FindingKind.MISSING,
        run.counts["missing"],
    )
    preview = administrator.get(reverse("audit_repair", args=[run.pk]))
    assert next(group.kind for group in preview.context["repairs"]) == FindingKind.MISSING
    answer = administrator.post(reverse("audit_repair", args=[run.pk]), follow=True)
    assert FindingKind.MISSING.value not in answer.context["run"].counts
    run.refresh_from_db()
    assert run.repaired_by == answer.context["user"]


def test_many_dates_are_checked_by_the_worker(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_scene()
    asked: list[str] = []
    monkeypatch.setattr(pages, "CHECKED_AT_ONCE", 1)
    monkeypatch.setattr(jobs.audit, "delay", lambda: asked.append("audit"))
    page = administrator.post(reverse("audit_now"), follow=True)
    assert asked == ["audit"]
    assert "The worker checks now." in page.content.decode()
    assert not AuditRun.objects.exists()


def test_worker_that_cannot_be_reached_is_said(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError

    make_scene()
    monkeypatch.setattr(pages, "CHECKED_AT_ONCE", 1)
    monkeypatch.setattr(jobs.audit, "delay", fail)
    page = administrator.post(reverse("audit_now"), follow=True)
    assert "The worker cannot be reached." in page.content.decode()


def test_page_lists_cost_the_same_for_few_and_many_findings(
    administrator: Client, django_assert_num_queries: Any
) -> None:
    person = make_person()
    counted = []
    for number in (1, 30):
        Mail.objects.bulk_create(
            [
                Mail(
                    recipient=person,
                    address="a@example.vn",
                    created_at=timezone.now(),
                    next_attempt_at=NOON,
                    state=MailState.FAILED,
                )
                for _each in range(number)
            ]
        )
        run_audit(at=timezone.now())
        with django_assert_num_queries(12) as made:
            administrator.get(reverse("audit"))
        counted.append(len(made))
    assert counted[0] == counted[1]


def test_command_answers_with_its_exit_code() -> None:
    make_scene(due_on=dt.date(2050, 6, 30))
    broken_run = broken(make_scene(due_on=dt.date(2050, 6, 30)))
    assert broken_run.alarms
    with pytest.raises(CommandError) as differs:
        call_command("audit", stdout=io.StringIO())
    assert differs.value.returncode == 1
    told = io.StringIO()
    call_command("audit", "--repair", stdout=told)
    assert "repaired: laid_out" in told.getvalue()
    AuditRun.objects.create(started_at=timezone.now())
    with pytest.raises(CommandError) as busy:
        call_command("audit", stdout=io.StringIO())
    assert busy.value.returncode == 2


def test_watch_command_answers_with_its_exit_code() -> None:
    told = io.StringIO()
    with pytest.raises(CommandError, match="in trouble: beat, worker, audit"):
        call_command("watch", stdout=told)
    assert "worker: silent (never yet)" in told.getvalue()
    all_well(timezone.now())
    call_command("watch", stdout=told)
    assert "audit: ok (last at" in told.getvalue()


@pytest.mark.slow
def test_check_pages_are_the_administrators() -> None:
    world = make_world()
    run = run_audit(at=timezone.now())
    assert run is not None
    for name, args, method in (
        ("audit", [], "get"),
        ("audit_now", [], "post"),
        ("audit_repair", [run.pk], "get"),
        ("audit_repair", [run.pk], "post"),
    ):
        address = reverse(name, args=args)
        answers = {role: getattr(world.client(role), method)(address) for role in ROLES}
        assert answers.pop("anonymous")["Location"].startswith(reverse("login"))
        allowed = {role for role, answer in answers.items() if answer.status_code in (200, 302)}
        assert allowed == {"administrator"}

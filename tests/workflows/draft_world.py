"""An issuing office with its registry, and plan documents to hand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tasks.importing.reading import read_pasted
from tasks.models import (
    DraftVerb,
    MembershipRole,
    PlanDraft,
    Unit,
    UnitAlias,
    UnitGroup,
    UnitGroupMember,
)
from tasks.rules.calendar import local_date, local_instant
from tests.factories import make_person, make_unit
from workflows.access import Actor
from workflows.actions.drafts import Step, open_draft, registry_of, save_review
from workflows.drafting.doubts import Doubt, find_doubts
from workflows.drafting.edits import settle
from workflows.drafting.registry import Registry
from workflows.drafting.review import Item, Name, Review

PLANS = Path(__file__).parents[1] / "data" / "plans"
ROADS = (PLANS / "kiem-tra-cau-duong.txt").read_text(encoding="utf-8")
UNDATED = (PLANS / "khong-co-ngay.txt").read_text(encoding="utf-8")
TODAY = dt.date(2023, 2, 7)
AT = local_instant(TODAY, 9)
UNKNOWN = "Ban An toàn đập nước"


@dataclass
class Office:
    """The committee that issues, its officer, and the units its plans name."""

    committee: Unit
    officer: Actor
    transport: Unit
    finance: Unit
    districts: UnitGroup

    def client(self, actor: Actor | None = None) -> Client:
        """The browser of the officer, or of somebody else."""
        client = Client()
        client.force_login((actor or self.officer).person)
        return client

    def colleague(self, name: str = "Trần Thị Bình") -> Actor:
        """A second officer of the committee."""
        return Actor(make_person(self.committee, name=name), self.committee)


def make_office() -> Office:
    committee = make_unit("Ủy ban nhân dân tỉnh Bình Lâm", may_issue=True)
    UnitAlias.objects.create(unit=committee, text="UBND tỉnh")
    transport, finance = make_unit("Sở Giao thông vận tải"), make_unit("Sở Tài chính")
    districts = UnitGroup.objects.create(name="UBND các huyện, thị xã")
    for place in ("Đông Khê", "Tây Khê"):
        member = make_unit(f"Ủy ban nhân dân huyện {place}")
        UnitGroupMember.objects.create(group=districts, unit=member)
    person = make_person(committee, MembershipRole.OFFICER)
    make_person(transport)
    return Office(committee, Actor(person, committee), transport, finance, districts)


def make_draft(office: Office, text: str = ROADS) -> PlanDraft:
    return open_draft(reading=read_pasted(text), actor=office.officer, at=AT)


def item_fields(draft: PlanDraft, code: str, **changed: object) -> dict[str, object]:
    """What the form of an item sends when nothing but `changed` was touched."""
    return {**card_fields(draft, item_of(draft, code)["key"]), **changed}


def header_fields(draft: PlanDraft, **changed: object) -> dict[str, object]:
    """What the form of the document's head sends when nothing but `changed` was touched."""
    return {**card_fields(draft, "header"), **changed}


def card_fields(draft: PlanDraft, key: str) -> dict[str, object]:
    browser = Client()
    browser.force_login(draft.uploaded_by)
    page = parse(browser.get(reverse("draft_card", args=[draft.pk, key])))
    form = page.find("form", attrs={"data-keep": key})
    sent: dict[Any, Any] = {
        field["name"]: field.get("value", "") for field in form.find_all("input")
    }
    sent |= {field["name"]: field.get_text() for field in form.find_all("textarea")}
    for field in form.find_all("select"):
        chosen = field.find("option", selected=True)
        sent[field["name"]] = chosen["value"] if chosen else ""
    return sent


def registry(draft: PlanDraft) -> Registry:
    return registry_of(draft, today=local_date(AT))


def doubts(draft: PlanDraft) -> list[Doubt]:
    return find_doubts(draft.review, registry(draft), draft.unit)


def item_of(draft: PlanDraft, code: str) -> Item:
    review: Review = draft.review
    return next(item for item in review["items"] if item["code"] == code)


def name_of(draft: PlanDraft, words: str) -> Name:
    review: Review = draft.review
    return next(n for item in review["items"] for n in item["names"] if n["name"] == words)


def settled(office: Office, draft: PlanDraft) -> PlanDraft:
    """The draft with its one unknown name given to the department of finance."""
    key, choice = name_of(draft, UNKNOWN)["key"], f"u{office.finance.pk}"
    return edited(office, draft, lambda review: settle(review, key, choice))


def edited(
    office: Office,
    draft: PlanDraft,
    change: Callable[[Review], object],
    *,
    actor: Actor | None = None,
    card: str = "",
) -> PlanDraft:
    """The draft after one step of its officer, or of another `actor`."""
    return save_review(
        draft=draft,
        actor=actor or office.officer,
        at=AT,
        revision=draft.revision,
        step=Step(DraftVerb.CORRECTED, card, change),
    )


def send(client: Client, name: str, draft: PlanDraft, *args: str, **data: object) -> Any:
    address = reverse(name, args=[draft.pk, *args])
    return client.post(address, {"revision": draft.revision, **data})


def upload(client: Client, data: bytes, name: str = "plan.txt") -> Any:
    return client.post(reverse("draft_upload"), {"file": SimpleUploadedFile(name, data)})


def parse(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(response: Any) -> str:
    return " ".join(parse(response).get_text(" ").split())


def fresh(draft: PlanDraft) -> PlanDraft:
    return PlanDraft.objects.get(pk=draft.pk)

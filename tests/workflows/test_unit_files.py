"""The registry as files: out, compared, in; all of a file or nothing."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from tasks.models import RegistryImport, Unit, UnitAlias
from tasks.unit_files.compare import Outcome, compare
from tasks.unit_files.read import FileRefused, read_units
from tasks.unit_files.write import units_csv, units_xlsx
from tests.factories import make_actor, make_plan, make_unit
from tests.workflows.draft_world import words
from tests.workflows.world import World, make_world
from workflows.actions.unit_files import apply_file, fingerprint, keep_file
from workflows.errors import ActionRefused, NotAllowed, Overtaken

pytestmark = pytest.mark.django_db
HEAD = "code,name,short_name,kind,parent,email,may_issue,valid_from,valid_until,aliases"


def rows(*lines: str, head: str = HEAD) -> list[dict[str, str]]:
    return read_units("\n".join((head, *lines)).encode(), "units.csv")


def line_of(*lines: str, head: str = HEAD, number: int = 0) -> Any:
    return compare(rows(*lines, head=head)).lines[number]


def flaws(line: Any) -> list[tuple[str, int]]:
    return [(flaw.column, line.number) for flaw in line.errors]


@pytest.fixture
def unit() -> Unit:
    unit = make_unit("Sở Khoa học và Công nghệ")
    unit.code, unit.short_name, unit.valid_from = "khcn", "Sở KH&CN", dt.date(2025, 3, 1)
    unit.save()
    UnitAlias.objects.create(unit=unit, text="SKHCN")
    return unit


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_written_is_read_back_unchanged(unit: Unit, kind: str, language: str) -> None:
    under = make_unit("=Tổ công tác")
    under.parent, under.may_issue = unit, True
    under.save()
    with override(language):
        units = Unit.objects.select_related("parent").order_by("code")
        data = units_csv(units).encode() if kind == "csv" else units_xlsx(units)
    found = compare(read_units(data, f"units.{kind}"))
    assert [(line.outcome, line.errors) for line in found.lines] == [(Outcome.UNCHANGED, [])] * 2
    assert found.absent == 0


def test_workbook_is_typed(unit: Unit) -> None:
    book = load_workbook(io.BytesIO(units_xlsx(Unit.objects.select_related("parent"))))
    cells = {str(cell.value): cell for cell in book.worksheets[0][2]}
    assert cells["2025-03-01 00:00:00"].number_format == "dd/mm/yyyy"
    assert cells["khcn"].data_type == "s"
    assert [cell.value for cell in book.worksheets[0][2]][6] is False


def test_formula_in_a_name_stays_text() -> None:
    make_unit('=HYPERLINK("x")')
    units = Unit.objects.select_related("parent")
    assert "'=HYPERLINK" in units_csv(units)
    cell = load_workbook(io.BytesIO(units_xlsx(units))).worksheets[0]["B2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("x")')


def test_each_line_has_its_outcome(unit: Unit) -> None:
    make_unit("Sở Vắng mặt")
    other = make_unit("Sở Tài chính")
    found = compare(
        rows(
            "khcn,Sở Khoa học và Công nghệ,Sở KH&CN,department,,,,01/03/2025,31/12/2026,SKHCN",
            f"{other.code},Sở Tài chính mới,Sở TC,,,,,,,STC; Sở TC",
            "moi,Sở Mới,,,khcn,moi@example.vn,x,2026-01-01,,",
        )
    )
    assert [line.outcome for line in found.lines] == [
        Outcome.CLOSED,
        Outcome.CHANGED,
        Outcome.ADDED,
    ]
    assert found.absent == 1
    assert found.lines[1].new_aliases == ["STC", "Sở TC"]


def test_columns_that_are_missing_are_left_alone(unit: Unit) -> None:
    line = line_of("khcn,Sở KHCN", head="code,name")
    assert [change[1:] for change in line.changes] == [(unit.name, "Sở KHCN")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (",Sở Mới,,,,,,,,", [("code", 2)]),
        ("a b,Sở Mới,,,,,,,,", [("code", 2)]),
        ("moi,,,,,,,,,", [("name", 2)]),
        (f"moi,{'x' * 201},,,,,,,,", [("name", 2)]),
        ("moi,Sở Mới,,bộ lạc,,,,,,", [("kind", 2)]),
        ("moi,Sở Mới,,,khong-co,,,,,", [("parent", 2)]),
        ("moi,Sở Mới,,,moi,,,,,", [("parent", 2)]),
        ("moi,Sở Mới,,,,thư,,,,", [("email", 2)]),
        ("moi,Sở Mới,,,,,có thể,,,", [("may_issue", 2)]),
        ("moi,Sở Mới,,,,,,31/02/2025,,", [("valid_from", 2)]),
        ("moi,Sở Mới,,,,,,03/2025,,", [("valid_from", 2)]),
        ("moi,Sở Mới,,,,,,2025-03-01,2025-02-01,", [("valid_until", 2)]),
        ("moi,Sở Mới,,,,,,,,A,B", [("aliases", 2)]),
        ("moi,Sở Mới,,,,x@,,hôm nay,,", [("email", 2), ("valid_from", 2)]),
    ],
)
def test_mistake_is_named_by_line_and_column(text: str, expected: list[tuple[str, int]]) -> None:
    assert flaws(line_of(text)) == expected


def test_code_that_stands_twice_is_wrong_in_both_lines() -> None:
    found = compare(rows("moi,Sở Một,,,,,,,,", "moi,Sở Hai,,,,,,,,"))
    assert [flaws(line) for line in found.lines] == [[("code", 2)], [("code", 3)]]


def test_circle_over_several_units_is_wrong() -> None:
    found = compare(rows("a,Sở A,,,b,,,,,", "b,Sở B,,,c,,,,,", "c,Sở C,,,a,,,,,"))
    assert [flaws(line) for line in found.lines] == [[("parent", n)] for n in (2, 3, 4)]


def test_closing_a_unit_with_running_work_is_warned_of() -> None:
    lead = make_unit()
    make_plan(leads=[lead])
    line = line_of(f"{lead.code},{lead.name},{lead.short_name},,,,,,2026-12-31,")
    assert (line.outcome, [flaw.column for flaw in line.warnings]) == (
        Outcome.CLOSED,
        ["valid_until"],
    )


def test_name_of_another_unit_is_warned_of(unit: Unit) -> None:
    line = line_of("moi,SỞ KHOA HỌC VÀ CÔNG NGHỆ,,,,,,,,")
    assert (line.outcome, [flaw.column for flaw in line.warnings]) == (Outcome.ADDED, ["name"])


def test_new_unit_is_shown_with_what_the_file_says_of_it() -> None:
    line = line_of("moi,Sở Mới,SM,x", head="code,name,short_name,may_issue")
    assert [after for _label, _before, after in line.changes] == ["SM", "yes"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "units.csv"),
        (b"code,name\n", "units.csv"),
        ("code,tên lạ\nmoi,x\n".encode(), "units.csv"),
        (b"code,code\nmoi,x\n", "units.csv"),
        (b"code\nmoi\n", "units.csv"),
        ("code,name\nmoi,Sở\n".encode("utf-16"), "units.csv"),
        ("code,name\nmoi,Sở\n".encode("cp1258", "replace") + b"\xff\xfe", "units.csv"),
        (b"no workbook", "units.xlsx"),
        (b"PK\x03\x04broken", "units.xlsx"),
        (b"x" * 5_000_001, "units.csv"),
    ],
)
def test_file_that_cannot_be_read_says_why(data: bytes, name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_units(data, name)
    assert str(refused.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_of_any_country_are_read(delimiter: str) -> None:
    text = delimiter.join(("code", "name"))
    line = f"\ufeff{text}\r\n" + delimiter.join(("moi", '"Sở Văn hóa, Thể thao"')) + "\r\n"
    assert read_units(line.encode(), "u.csv") == [
        {"line": "2", "code": "moi", "name": "Sở Văn hóa, Thể thao"}
    ]


def test_headings_of_an_office_are_understood() -> None:
    text = "Mã đơn vị,TÊN ĐƠN VỊ,Tên viết tắt\nmoi,Sở Mới,SM\n"
    assert read_units(text.encode(), "u.csv") == [
        {"line": "2", "code": "moi", "name": "Sở Mới", "short_name": "SM"}
    ]


def test_workbook_with_dates_and_numbers_is_read() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["code", "name", "valid_from", "may_issue"])
    sheet.append([101, "Sở Mới", dt.date(2025, 3, 1), True])
    kept = io.BytesIO()
    book.save(kept)
    line = compare(read_units(kept.getvalue(), "u.xlsx")).lines[0]
    assert (line.outcome, line.values["valid_from"], line.values["may_issue"]) == (
        Outcome.ADDED,
        dt.date(2025, 3, 1),
        True,
    )


@pytest.fixture
def world() -> World:
    return make_world()


def upload(client: Client, text: str, name: str = "units.csv") -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("unit_files"), {"file": file}, follow=True)


def test_file_is_compared_and_then_applied(world: World) -> None:
    client = world.client("administrator")
    lead = world.units["lead"]
    page = upload(
        client,
        f"{HEAD}\n{lead.code},Sở Đổi Tên,{lead.short_name},,,,,,,Sở Cũ Tên"
        "\nb,Sở B,,,a,,,,,\na,Sở A,,,,,,,,",
    )
    assert Unit.objects.filter(code__in=("a", "b")).count() == 0
    assert "Sở Đổi Tên" in words(page)
    kept = RegistryImport.objects.get()
    mark = fingerprint(compare(kept.rows))
    client.post(reverse("unit_file_apply", args=[kept.pk]), {"fingerprint": mark})
    lead.refresh_from_db()
    assert (lead.name, lead.aliases.get().text) == ("Sở Đổi Tên", "Sở Cũ Tên")
    assert Unit.objects.get(code="b").parent == Unit.objects.get(code="a")
    kept.refresh_from_db()
    assert kept.applied_by == world.people["administrator"]
    assert not compare(kept.rows).changes_anything


def test_wrong_line_keeps_the_whole_file_out(world: World) -> None:
    client = world.client("administrator")
    page = upload(client, f"{HEAD}\na,Sở A,,,,,,,,\nb,,,,,,,,,")
    assert reverse("unit_file_apply", args=[RegistryImport.objects.get().pk]) not in str(
        page.content
    )
    kept = RegistryImport.objects.get()
    client.post(reverse("unit_file_apply", args=[kept.pk]), {"fingerprint": "x"})
    assert not Unit.objects.filter(code="a").exists()


def test_failure_in_the_middle_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = make_actor(world.units["lead"])
    actor.person.is_superuser = True
    kept = keep_file(
        rows=rows("a,Sở A,,,,,,,,Tên A"), file_name="u.csv", actor=actor, at=dt.datetime.now(dt.UTC)
    )

    def fail(**_given: object) -> None:
        raise ActionRefused("no")

    monkeypatch.setattr("workflows.actions.unit_files.add_alias", fail)
    with pytest.raises(ActionRefused):
        apply_file(
            kept=kept,
            actor=actor,
            at=dt.datetime.now(dt.UTC),
            expected=fingerprint(compare(kept.rows)),
        )
    assert not Unit.objects.filter(code="a").exists()


def test_registry_that_changed_meanwhile_is_looked_at_again(world: World) -> None:
    client = world.client("administrator")
    lead = world.units["lead"]
    upload(client, f"code,name\n{lead.code},Sở Đổi Tên")
    kept = RegistryImport.objects.get()
    mark = fingerprint(compare(kept.rows))
    Unit.objects.filter(pk=lead.pk).update(name="Sở Khác")
    answer = client.post(
        reverse("unit_file_apply", args=[kept.pk]), {"fingerprint": mark}, follow=True
    )
    lead.refresh_from_db()
    assert lead.name == "Sở Khác"
    assert answer.redirect_chain[0][0] == reverse("unit_file", args=[kept.pk])


def test_file_is_applied_once(world: World) -> None:
    client = world.client("administrator")
    upload(client, "code,name\na,Sở A")
    kept = RegistryImport.objects.get()
    address = reverse("unit_file_apply", args=[kept.pk])
    client.post(address, {"fingerprint": fingerprint(compare(kept.rows))})
    actor = make_actor(world.units["lead"])
    actor.person.is_superuser = True
    with pytest.raises(Overtaken):
        apply_file(kept=kept, actor=actor, at=kept.uploaded_at, expected="")


def test_nobody_else_hands_a_file_in_or_applies_it(world: World) -> None:
    actor = world.actor("supervisor")
    at = dt.datetime.now(dt.UTC)
    with pytest.raises(NotAllowed):
        keep_file(rows=rows("a,Sở A,,,,,,,,"), file_name="u.csv", actor=actor, at=at)
    kept = RegistryImport.objects.create(
        rows=rows("a,Sở A,,,,,,,,"),
        file_name="u.csv",
        uploaded_by=world.people["administrator"],
        uploaded_at=at,
    )
    for address in ("unit_file", "unit_file_apply"):
        client = world.client("supervisor")
        act = client.post if address.endswith("apply") else client.get
        assert act(reverse(address, args=[kept.pk])).status_code == 403
    with pytest.raises(NotAllowed):
        apply_file(kept=kept, actor=actor, at=at, expected=fingerprint(compare(kept.rows)))

"""The pages of receiving a report on paper, as a clerk meets them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tasks.importing.errors import ReadingFailedError
from tasks.models import Measurement, PaperReport, PaperState, Proposal, ReportState
from tests.tasks.indicator_world import make_target
from tests.workflows.paper_world import PAPER, District, form_of, make_district, texts
from workflows.access import Actor
from workflows.actions.leases import claim, keep_failure
from workflows.paper_reading import read_paper_report

pytestmark = pytest.mark.django_db
SEED = Path(__file__).parents[2].parent / "shared/seeds/000_bd8c3a7c13397274.txt"


@pytest.fixture
def district(settings: Any, tmp_path: Any) -> District:
    settings.MEDIA_ROOT = tmp_path
    return make_district()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.person)
    return client


def upload(district: District, name: str = "bao-cao.txt", data: bytes = b"") -> Any:
    file = SimpleUploadedFile(name, data or PAPER.read_bytes())
    address = reverse("paper_upload", args=[district.report.pk])
    return client_of(district.clerk).post(address, {"file": file})


def test_report_page_offers_the_clerk_to_receive_it_on_paper(district: District) -> None:
    address = reverse("report", args=[district.report.pk])
    link = reverse("paper_upload", args=[district.report.pk])
    offered = {
        name: link in client_of(actor).get(address).content.decode()
        for name, actor in {
            "clerk": district.clerk,
            "focal clerk": district.focal_clerk,
            "focal officer": district.focal,
        }.items()
    }
    assert offered == {"clerk": True, "focal clerk": True, "focal officer": True}


def test_handed_in_paper_waits_to_be_read(district: District) -> None:
    answer = upload(district)
    paper = PaperReport.objects.get()
    assert answer["Location"] == reverse("paper", args=[paper.pk])
    page = client_of(district.clerk).get(answer["Location"])
    assert page.status_code == 200
    assert reverse("paper_progress", args=[paper.pk]) in page.content.decode()


@pytest.mark.parametrize("name", ["bao-cao.exe", "bao-cao.doc"])
def test_wrong_kind_of_file_is_refused_by_name(district: District, name: str) -> None:
    answer = upload(district, name)
    assert answer.status_code == 422
    assert not PaperReport.objects.exists()


def test_same_file_twice_says_where_it_is(district: District) -> None:
    upload(district)
    answer = upload(district)
    assert answer.status_code == 409
    assert "handed in already" in answer.content.decode()


def test_unreadable_paper_keeps_its_file(district: District) -> None:
    upload(district)
    paper = PaperReport.objects.get()
    leased = claim(PaperReport, paper.pk, at=paper.uploaded_at)
    assert leased is not None
    keep_failure(leased, ReadingFailedError(filename="bao-cao.txt"))
    client = client_of(district.clerk)
    page = client.get(reverse("paper", args=[paper.pk])).content.decode()
    assert reverse("paper_retry", args=[paper.pk]) in page
    assert client.get(reverse("paper_file", args=[paper.pk])).status_code == 200
    client.post(reverse("paper_retry", args=[paper.pk]))
    assert PaperReport.objects.get().state == PaperState.WAITING


def test_confirmed_page_receives_the_report_with_everything(district: District) -> None:
    paper = district.read()
    client, address = client_of(district.clerk), reverse("paper", args=[paper.pk])
    sent = form_of(client.get(address))
    assert sent["number"] == "88/BC-UBND"
    indicator = district.plan.targets.get().indicator_id
    sent |= {"received_on": "2023-12-06", "figure-1-indicator": str(indicator)}
    sent |= {"covers_from": "2023-01-01", "covers_to": "2023-12-31"}
    sent |= {"figure-0-indicator": ""}
    answer = client.post(address, sent)
    assert answer["Location"] == reverse("report", args=[district.report.pk])
    assert district.report.state == ReportState.SUBMITTED
    assert [str(one.value.normalize()) for one in Measurement.objects.all()] == ["21"]
    assert Proposal.objects.filter(addressee=district.science, state="open").count() == 2
    receipt = client.get(answer["Location"]).content.decode()
    assert "88/BC-UBND" in receipt
    assert reverse("paper_file", args=[paper.pk]) in receipt


def test_figure_in_words_is_pointed_out_and_nothing_is_lost(district: District) -> None:
    paper = district.read()
    client, address = client_of(district.clerk), reverse("paper", args=[paper.pk])
    sent = form_of(client.get(address)) | {
        "received_on": "2023-12-06",
        "covers_from": "2023-01-01",
        "covers_to": "2023-12-31",
        "signer": "Trần Văn Lãnh (sửa)",
        "figure-1-indicator": str(district.plan.targets.get().indicator_id),
        "figure-1-value": "hai mươi mốt",
    }
    page = client.post(address, sent)
    shown = page.content.decode()
    assert page.status_code == 422
    assert "written in words" in shown
    assert "Trần Văn Lãnh (sửa)" in shown
    assert not Measurement.objects.exists()
    assert district.report.state == ReportState.EXPECTED


def test_pages_by_role(district: District) -> None:
    paper = district.read()
    reader = Actor(district.plan.issuer.memberships.get().person, district.plan.issuer)
    pages = {
        name: reverse(name, args=[pk])
        for name, pk in {
            "paper_upload": district.report.pk,
            "paper": paper.pk,
            "paper_discard": paper.pk,
            "paper_file": paper.pk,
        }.items()
    }
    seen = {
        who: [client_of(actor).get(address).status_code for address in pages.values()]
        for who, actor in {"clerk": district.focal_clerk, "issuer": reader}.items()
    }
    assert seen == {"clerk": [200] * 4, "issuer": [403, 403, 403, 200]}
    assert Client().get(pages["paper"]).status_code == 302


@pytest.mark.skipif(not SEED.exists(), reason="the real documents are not here")
def test_report_of_binh_son_goes_through(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    district = make_district("UBND huyện Bình Sơn", "UBND tỉnh Quảng Ngãi")
    target = make_target(district.plan, district.unit, "Kinh phí khuyến công", measure="triệu đồng")
    path = tmp_path / "binh-son.txt"
    text = SEED.read_text(encoding="utf-8")
    head, _break, rest = text.partition("\n")
    path.write_text(rest if head.startswith("source: ") else text, encoding="utf-8")
    expected = json.loads(SEED.with_suffix("").with_suffix(".expected.json").read_text("utf-8"))
    paper = district.read(path)
    read = read_paper_report(paper, today=district.report.period.due_on)
    assert [one.value for one in read.figures] == [one["value"] for one in expected["facts"]]
    assert (len(read.proposals), read.signer) == (expected["proposals"], expected["signer"])
    client, address = client_of(district.clerk), reverse("paper", args=[paper.pk])
    sent = form_of(client.get(address)) | {
        "issued_on": "2024-01-15",
        "received_on": "2024-01-17",
        "covers_from": "2023-01-01",
        "covers_to": "2023-12-31",
    }
    chosen = {1: district.plan.targets.exclude(pk=target.pk).get(), 3: target}
    sent |= {f"figure-{number}-indicator": "" for number in range(5)}
    sent |= {f"figure-{n}-indicator": str(one.indicator_id) for n, one in chosen.items()}
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    assert sorted(int(one.value) for one in Measurement.objects.all()) == [23, 136]
    assert Proposal.objects.filter(state="open", addressee=district.science).count() == 2
    assert texts(district.report)["proposals"].startswith("Kính đề nghị Sở Khoa học")

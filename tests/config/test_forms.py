"""Forms as people and screen readers meet them."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.utils import translation

from config.forms import Renderer


class Sample(forms.Form):
    percent = forms.IntegerField(label="Progress", max_value=100, help_text="In per cent")
    words = forms.CharField(label="What was done", widget=forms.Textarea, required=False)
    due_on = forms.DateField(label="Until", required=False)
    unit = forms.ChoiceField(label="Unit", choices=[("1", "One")], required=False)
    way = forms.ChoiceField(label="Way", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="I am sure")
    file = forms.FileField(label="File", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def draw(data: dict[str, str] | None = None, **initial: object) -> BeautifulSoup:
    with translation.override("en"):
        form = Sample(data, initial=initial, renderer=Renderer())
        return BeautifulSoup(str(form), "html.parser")


def test_every_control_has_a_label() -> None:
    page = draw()
    labelled = {label["for"] for label in page.find_all("label")}
    controls = page.select("input:not([type=hidden]), textarea, select")

    assert {control["id"] for control in controls} == labelled
    assert page.select_one("fieldset legend").get_text().strip() == "Way (required)"


def test_required_is_said_in_words() -> None:
    marked = [
        label.get_text().strip() for label in draw().find_all("label") if "(required)" in label.text
    ]

    assert marked == ["Progress (required)", "I am sure (required)"]


def test_error_and_help_are_tied_to_the_control() -> None:
    page = draw({"percent": "150"})
    control = page.find(id="id_percent")

    assert control["aria-describedby"] == "id_percent_helptext id_percent_error"
    assert control["aria-invalid"] == "true"
    assert page.find(id="id_percent_helptext").get_text() == "In per cent"
    assert page.find(id="id_percent_error").get_text() == (
        "Ensure this value is less than or equal to 100."
    )


def test_errors_are_summed_up_with_links_that_lead_somewhere() -> None:
    page = draw({"percent": "150"})
    links = [link["href"] for link in page.select(".error-summary a")]

    assert links == ["#id_percent", "#id_way", "#id_sure"]
    assert [page.find(id=link[1:]) is not None for link in links] == [True] * 3


def test_form_without_errors_has_no_summary() -> None:
    assert draw().select(".error-summary, .field-error, .is-invalid") == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_date_is_given_to_the_picker_in_its_own_format(language: str) -> None:
    with translation.override(language):
        form = Sample(initial={"due_on": dt.date(2023, 12, 8)}, renderer=Renderer())
        control = BeautifulSoup(str(form["due_on"]), "html.parser").input

    assert (control["type"], control["value"]) == ("date", "2023-12-08")


@pytest.mark.parametrize(
    ("name", "css"),
    [
        ("percent", "form-control"),
        ("words", "form-control"),
        ("unit", "form-select"),
        ("sure", "form-check-input"),
        ("file", "form-control"),
    ],
)
def test_control_has_its_class(name: str, css: str) -> None:
    assert draw().find(id=f"id_{name}")["class"] == [css]


def test_class_of_a_widget_is_kept() -> None:
    class Wide(forms.Form):
        words = forms.CharField(widget=forms.TextInput(attrs={"class": "wide"}))

    page = BeautifulSoup(str(Wide(renderer=Renderer())["words"]), "html.parser")

    assert page.input["class"] == ["wide", "form-control"]


def test_hidden_field_is_drawn_bare() -> None:
    hidden = draw().find(id="id_token")

    assert hidden.parent.name == "[document]"
    assert "class" not in hidden.attrs

"""Files of the look that must agree with each other."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from tasks import chips

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return Path(str(finders.find(name))).read_text(encoding="utf-8")


def test_every_icon_in_use_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', read("config/icons.svg")))
    used = {icon for _tone, icon in [*chips._STANDINGS.values(), *chips._STATES.values()] if icon}
    for template in ROOT.glob("*/templates/**/*.html"):
        used.update(re.findall(r'{% icon "([^"]+)"', template.read_text(encoding="utf-8")))

    assert used - drawn == set()


def test_every_tone_has_a_chip_a_fill_and_a_swatch() -> None:
    css = read("config/components.css")

    assert [tone for tone in chips.Tone if f".chip-{tone} {{" not in css] == []
    assert [tone for tone in chips.Tone if f".fill-{tone} {{" not in css] == []


def test_styles_load_nothing_from_elsewhere() -> None:
    css = "".join(read(f"config/{name}.css") for name in ("theme", "components", "print"))

    assert [url for url in re.findall(r'url\("?([^")]+)', css) if not url.startswith("data:")] == []
    assert "@import" not in css

"""What a played plan points out, each in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.simulation_report import EmptyPost, Overload, Play
from tasks.words import long_date


def points_of(play: Play) -> Iterator[str]:
    """Everything that deserves a look, the gravest first."""
    for unit in play.units_without_people:
        yield _("%(unit)s has nobody who could do the work or answer for it.") % {"unit": unit.name}
    for post in play.empty_posts:
        yield empty_post_words(post)
    for person in play.without_address:
        yield _("%(person)s has no e-mail address.") % {"person": person.full_name}
    for one in play.overloads:
        yield _overload_words(one)


def _overload_words(one: Overload) -> str:
    words = ngettext(
        "%(person)s would get too much on %(days)s day: %(number)s messages on %(day)s.",
        "%(person)s would get too much on %(days)s days, most of all %(number)s messages on "
        "%(day)s.",
        one.days,
    )
    return words % {
        "person": one.person.full_name,
        "days": one.days,
        "number": one.number,
        "day": long_date(one.day),
    }


def empty_post_words(post: EmptyPost) -> str:
    """Where a post is empty, and which ladders climb to it."""
    words = {
        "unit": post.unit.name,
        "audience": post.audience.label,
        "ladders": ", ".join(str(ladder.label) for ladder in post.ladders),
    }
    if post.nobody:
        return (
            _("%(unit)s has no %(audience)s: escalations lead nowhere there (%(ladders)s).") % words
        )
    return (
        _("%(unit)s has no %(audience)s: escalations reach only the others (%(ladders)s).") % words
    )

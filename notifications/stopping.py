"""The signed address in a digest by which its reader stops getting more, without signing in.

RFC 8058 ("One-Click") asks for it. It stops reminders and news by e-mail, nothing else: what is
overdue and what a supervisor sends go on, and so does everything in the application.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core import signing
from django.urls import reverse

from notifications.models import Preference
from tasks.models import Person

_SIGNER = signing.Signer(salt="notifications.stop")


def stop_address(person: Person) -> str:
    """Absolute; good until the person's address changes."""
    token = _SIGNER.sign_object([person.pk, person.email])
    return f"{settings.DONDOC_BASE_URL}{reverse('stop', args=[token])}"


def reader_of(token: str) -> Person | None:
    """Whom the address was made for; None when nobody's, or no longer theirs."""
    try:
        key, email = _SIGNER.unsign_object(token)
    except signing.BadSignature:
        return None
    return Person.objects.filter(pk=key, email=email, is_active=True).first()


def set_digest_by_email(person: Person, *, wanted: bool, at: dt.datetime) -> None:
    """Safe to repeat: mail programs may press the button twice."""
    Preference.objects.update_or_create(
        person=person, defaults={"by_email": wanted, "changed_at": at}
    )

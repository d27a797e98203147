"""Where a message bridge is, and for whom."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.channels.addresses import Forbidden, checked_address, parts_of
from notifications.models import Bridge
from tasks.models import Unit


class BridgeForm(forms.ModelForm):  # type: ignore[type-arg]
    address = forms.CharField(
        label=gettext_lazy("Address of the bridge"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("Messages are posted there, signed. Redirects are not followed."),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("For the people of"),
        queryset=Unit.objects.filter(valid_until__isnull=True),
        required=False,
        empty_label=gettext_lazy("everybody without a bridge of their own"),
    )

    class Meta:
        model = Bridge
        fields = ("name", "address", "unit", "is_active")

    def clean_address(self) -> str:
        """Said at once rather than at the first call; every call asks again."""
        address = str(self.cleaned_data["address"]).strip()
        try:
            checked_address(parts_of(address))
        except Forbidden as refusal:
            raise ValidationError(str(refusal)) from refusal
        except (OSError, UnicodeError) as error:
            raise ValidationError(_("Nothing is known under this address.")) from error
        return address

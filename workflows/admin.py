"""The administrator's pages: units and people. Grants follow what is saved here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models import (
    Membership,
    Person,
    Substitution,
    Unit,
    UnitAlias,
    UnitGroup,
    UnitGroupMember,
    UnitSuccession,
)
from tasks.rules.calendar import local_date
from workflows.access import refresh_unit_rights, sync_memberships

admin.site.site_header = _("Administration of Đôn Đốc")
admin.site.site_title = "Đôn Đốc"
admin.site.index_title = _("Units and people")


def _sync() -> None:
    sync_memberships(today=local_date(timezone.now()))


class GrantingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """After a change of posts, the people are in the right groups before the page comes back."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        _sync()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        _sync()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        _sync()


class AliasInline(admin.TabularInline):  # type: ignore[type-arg]
    model = UnitAlias
    fk_name = "unit"
    autocomplete_fields = ("issuer",)
    extra = 1


class SuccessionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = UnitSuccession
    fk_name = "predecessor"
    autocomplete_fields = ("successor",)
    extra = 0


class UnitPostInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    autocomplete_fields = ("person",)
    extra = 0


class PersonPostInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    autocomplete_fields = ("unit",)
    extra = 1


@admin.register(Unit)
class UnitAdmin(GrantingAdmin):
    list_display = ("name", "short_name", "kind", "parent", "valid_from", "valid_until")
    list_filter = ("kind", "may_issue")
    search_fields = ("name", "short_name", "folded_name", "aliases__folded")
    autocomplete_fields = ("parent",)
    inlines = (AliasInline, UnitPostInline, SuccessionInline)
    list_select_related = ("parent",)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refresh_unit_rights(form.instance)


class GroupMemberInline(admin.TabularInline):  # type: ignore[type-arg]
    model = UnitGroupMember
    autocomplete_fields = ("unit",)
    extra = 1


@admin.register(UnitGroup)
class UnitGroupAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "is_open")
    search_fields = ("name",)
    inlines = (GroupMemberInline,)


@admin.register(Person)
class PersonAdmin(GrantingAdmin, UserAdmin):  # type: ignore[type-arg]
    list_display = ("full_name", "username", "email", "position", "is_active")
    list_filter = ("is_active", "is_staff", "memberships__role")
    search_fields = ("full_name", "username", "email")
    ordering = ("full_name",)
    inlines = (PersonPostInline,)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "position")}),
        (_("How to reach them"), {"fields": ("email", "phone", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "full_name",
                    "email",
                    "usable_password",
                    "password1",
                    "password2",
                )
            },
        ),
    )


@admin.register(Substitution)
class SubstitutionAdmin(GrantingAdmin):
    list_display = ("absent", "substitute", "starts_on", "ends_on")
    autocomplete_fields = ("absent", "substitute")
    date_hierarchy = "starts_on"

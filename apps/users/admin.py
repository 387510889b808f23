"""Customers, and for the owner of the shop also staff and their groups."""

from typing import Any

from allauth.account import admin as _allauth_admin  # noqa: F401  (registers what is taken off below)
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.users.models import Address, User
from apps.users.services import create_account


class LanguageForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("The one they look at the shop in")), *settings.LANGUAGES], required=False
    )


class NewAccountForm(LanguageForm):
    """An account made by hand counts as verified; its owner sets a password by "forgotten password"."""

    class Meta:
        model = User
        fields = ("email", "full_name", "language")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is an account with this address already."))
        return email

    def save(self, commit: bool = True) -> User:
        self.instance = create_account(
            email=self.cleaned_data["email"],
            password=None,
            full_name=self.cleaned_data["full_name"],
            language=self.cleaned_data["language"],
        )
        return self.instance

    def save_m2m(self) -> None:
        """Nothing hangs on a new account yet."""


class AccountForm(LanguageForm):
    password = ReadOnlyPasswordHashField(label=_("password"))

    class Meta:
        model = User
        fields = ("full_name", "language", "is_active", "is_staff", "is_superuser", "groups")


class RoleFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("customer", _("Customers")), ("staff", _("Staff")), ("blocked", _("Blocked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> Any:
        kinds = {"customer": Q(is_staff=False), "staff": Q(is_staff=True), "blocked": Q(is_active=False)}
        chosen = kinds.get(self.value() or "")
        return queryset.filter(chosen) if chosen else queryset


# Which address is verified is proved by a mail, never typed: whoever sets the owner's address can become the owner.
admin.site.unregister(EmailAddress)
admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """The stock page but for its two-box chooser, which screen readers can't follow."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.SelectMultiple(attrs={"size": 24})
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Accounts of staff and their groups are for superusers alone, or staff could promote itself."""

    form = AccountForm
    add_form = NewAccountForm
    list_display = ("email", "full_name", "kind", "date_joined", "last_login")
    list_filter = (RoleFilter,)
    search_fields = ("email", "full_name")
    search_help_text = _("Email address or name")
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    filter_horizontal = ()
    readonly_fields = ("email", "orders", "addresses", "last_login", "date_joined")
    add_fieldsets = ((None, {"fields": ("email", "full_name", "language")}),)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        own = (None, {"fields": ("email", "full_name", "language", "is_active", "orders", "addresses")})
        dates = (_("Dates"), {"fields": ("last_login", "date_joined")})
        if not request.user.is_superuser:
            return (own, dates)
        staff = (_("Staff"), {"fields": ("is_staff", "is_superuser", "groups")})
        return (own, staff, (_("Password"), {"fields": ("password",), "classes": ("collapse",)}), dates)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return ("orders",) if obj is None else self.readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.add_user"))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or bool(request.user.is_superuser) or not (obj.is_staff or obj.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Erasing a customer keeps the books, so it is no matter of deleting a row; an account can be blocked."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if "@" in term:
            return queryset.filter(email__contains=term.lower()), False
        return queryset.filter(Q(email__contains=term.lower()) | Q(full_name__icontains=term)), False

    @admin.display(description=_("kind"))
    def kind(self, user: User) -> str:
        if not user.is_active:
            return badge(_("blocked"), "danger")
        if user.is_superuser:
            return badge(_("owner"), "info")
        return badge(_("staff"), "info") if user.is_staff else badge(_("customer"))

    @admin.display(description=_("orders"))
    def orders(self, user: User) -> str:
        try:
            address = reverse("admin:orders_order_changelist")
        except NoReverseMatch:  # a shop without the orders app
            return self.get_empty_value_display()
        query = urlencode({"user__id__exact": user.pk})
        return format_html('<a href="{}?{}">{}</a>', address, query, _("Orders of this customer"))

    @admin.display(description=_("addresses"))
    def addresses(self, user: User) -> str:
        """For reading: an address book belongs to its owner."""
        lines = [
            (", ".join(filter(None, (a.name, a.company, a.line1, a.line2))), a.postal_code, a.city, a.country)
            for a in Address.unscoped.filter(user=user)
        ]
        return format_html_join(" · ", "{}, {} {}, {}", lines) or self.get_empty_value_display()

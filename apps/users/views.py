from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView, TemplateView, UpdateView

from apps.core.fragments import FragmentMixin, wants_fragment
from apps.users import services
from apps.users.forms import AddressForm, DefaultAddressForm, ProfileForm
from apps.users.models import Address, User


class ProfileView(UpdateView):
    """The account page: who I am."""

    access = "signed-in"
    form_class = ProfileForm
    template_name = "users/profile.html"
    success_url = reverse_lazy("users:account")
    extra_context = {"section": "profile"}

    def get_object(self, queryset: Any = None) -> User:
        # A copy of its own: a refused form must not show its values in the page's header.
        return User.objects.get(pk=self.request.user.pk)

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        messages.success(self.request, _("Saved."))
        return super().form_valid(form)

    def form_invalid(self, form: ProfileForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AddressListView(FragmentMixin, TemplateView):
    access = "signed-in"
    template_name = "users/address_list.html"
    fragments = {"addresses": "addresses"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        addresses = Address.objects.for_owner(self.request.owner)
        return super().get_context_data(section="addresses", addresses=addresses, **kwargs)


class AddressFormView(FormView):
    form_class = AddressForm
    template_name = "users/address_form.html"
    success_url = reverse_lazy("users:address-list")
    extra_context = {"section": "addresses"}

    def form_valid(self, form: AddressForm) -> HttpResponse:
        try:
            services.save_address(owner=self.request.owner, address=form.filled_address())
        except services.AddressBookFull as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        messages.success(self.request, _("The address is saved."))
        return super().form_valid(form)

    def form_invalid(self, form: AddressForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AddressAddView(AddressFormView):
    access = "signed-in"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.request.user.full_name}


class AddressEditView(AddressFormView):
    access = "signed-in"

    def get_form_kwargs(self) -> dict[str, Any]:
        address = Address.objects.for_owner_or_404(self.request.owner, pk=self.kwargs["pk"])
        return {**super().get_form_kwargs(), "initial": address.as_dict(), "instance": address}


class AddressActionView(View):
    """A button on an entry: the rule, then the fresh list (or the way to it)."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        address = Address.objects.for_owner_or_404(request.owner, pk=pk)
        self.act(request, address)
        if wants_fragment(request):
            return _fresh_list(request)
        return redirect("users:address-list")

    def act(self, request: HttpRequest, address: Address) -> None:
        raise NotImplementedError


class AddressDeleteView(AddressActionView):
    access = "signed-in"

    def act(self, request: HttpRequest, address: Address) -> None:
        services.delete_address(owner=request.owner, address=address)
        messages.success(request, _("The address is removed."))


class AddressDefaultView(AddressActionView):
    access = "signed-in"

    def act(self, request: HttpRequest, address: Address) -> None:
        form = DefaultAddressForm(request.POST)
        if not form.is_valid():
            return
        use = form.cleaned_data["use"]
        services.make_default(
            owner=request.owner, address=address, shipping=use == "shipping", billing=use == "billing"
        )
        messages.success(request, _("The default address is changed."))


def _fresh_list(request: HttpRequest) -> HttpResponse:
    view = AddressListView()
    view.setup(request)
    return view.render_to_response(view.get_context_data())

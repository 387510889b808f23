"""The forms of the product's one screen: the product, its options, variants and pictures."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.catalog.admin.categories import CategoryChoice
from apps.catalog.admin.refusals import RefusalForm
from apps.catalog.models import Option, Product, ProductImage, Variant
from apps.catalog.services.matrix import OptionRow, VariantDefaults
from apps.catalog.services.picture_limits import PIXEL_LIMIT, READABLE
from apps.catalog.text import address_part
from apps.core.fields import MinorUnitsField
from apps.core.sanitize import sanitize_html
from apps.core.translated_forms import LANGUAGES, TranslatedForm, field_name, translated

MOST_BYTES = 20 * 1024 * 1024
PREFIX_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,29}\Z"


@translated(Product, "title", "subtitle", "description", "safety_notes", "seo_title", "seo_description")
class ProductForm(TranslatedForm, RefusalForm):
    category = CategoryChoice(label=_("Category"))
    slug = forms.SlugField(
        label=_("Slug"), max_length=160, required=False, help_text=_("Its part of the address; empty: from the title.")
    )
    base_price = MinorUnitsField(label=_("Price"), required=False, help_text=_("Empty: on request."))
    sku_prefix = forms.CharField(
        label=_("SKU begins with"),
        max_length=30,
        required=False,
        validators=[RegexValidator(PREFIX_PATTERN, _("Use letters, digits, dots and dashes."))],
    )
    stock_each = forms.IntegerField(
        label=_("Pieces of each"), min_value=0, max_value=1_000_000, required=False, initial=0
    )
    weight_each = forms.IntegerField(
        label=_("Weight in grams"), min_value=0, max_value=10_000_000, required=False, initial=0
    )
    fill = forms.BooleanField(
        label=_("Make every combination that is missing"),
        required=False,
        help_text=_("Otherwise only the combinations of values that you add are made, and holes stay holes."),
    )

    def clean_slug(self) -> str:
        """A free slug of the title where none was typed."""
        typed = str(self.cleaned_data.get("slug") or "")
        if typed:
            return typed
        base = slugify(self.cleaned_data.get("title", "")) or address_part(self.cleaned_data.get("title", "product"))
        taken = set(
            Product.objects.filter(slug__startswith=base[:150])
            .exclude(pk=self.instance.pk)
            .values_list("slug", flat=True)
        )
        names = [base[:150], *(f"{base[:150]}-{number}" for number in range(2, len(taken) + 3))]
        return next(name for name in names if name not in taken)

    def clean(self) -> Any:
        data = super().clean()
        for name in ("description", *(field_name("description", code) for code, _name in LANGUAGES)):
            if self.cleaned_data.get(name):
                self.cleaned_data[name] = sanitize_html(self.cleaned_data[name])
        return data

    @property
    def defaults(self) -> VariantDefaults:
        typed = self.cleaned_data
        return VariantDefaults(
            price=typed.get("base_price"),
            sku_prefix=typed.get("sku_prefix") or "",
            weight_grams=typed.get("weight_each") or 0,
            on_hand=typed.get("stock_each") or 0,
        )


def split_values(text: str) -> list[str]:
    """ "Moss, Rust , Moss" is Moss and Rust."""
    return list(dict.fromkeys(part for raw in text.split(",") if (part := " ".join(raw.split()))))


class OptionForm(forms.ModelForm):
    values_text = forms.CharField(
        label=_("values"),
        max_length=4000,
        help_text=_("Separated by commas: Moss, Rust, Sand"),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    class Meta:
        model = Option
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values = list(self.instance.values.all()) if self.instance.pk else []
        self.initial["values_text"] = ", ".join(value.value for value in values)
        for code, name in LANGUAGES:
            texts = self.instance.translations.get(code, {})
            in_language = {"language": name}
            self.fields[f"name_{code}"].label = _("name (%(language)s)") % in_language
            self.fields[f"values_{code}"].label = _("values (%(language)s)") % in_language
            self.initial[f"name_{code}"] = texts.get("name", "")
            translations = [value.translations.get(code, {}).get("value", "") for value in values]
            self.initial[f"values_{code}"] = ", ".join(translations) if any(translations) else ""

    def clean_values_text(self) -> list[str]:
        values = split_values(self.cleaned_data["values_text"])
        if not values:
            raise ValidationError(_("Name at least one value."))
        if any(len(value) > 120 for value in values):
            raise ValidationError(_("A value has at most 120 characters."))
        return values

    @property
    def row(self) -> OptionRow:
        typed = self.cleaned_data
        return OptionRow(
            pk=self.instance.pk,
            name=typed["name"],
            values=typed["values_text"],
            names={code: typed.get(f"name_{code}", "") for code, _name in LANGUAGES},
            value_names={
                code: [" ".join(part.split()) for part in typed.get(f"values_{code}", "").split(",")]
                for code, _name in LANGUAGES
            },
        )


for _code, _name in LANGUAGES:
    for _field, _length in ((f"name_{_code}", 80), (f"values_{_code}", 4000)):
        _made = forms.CharField(
            required=False, max_length=_length, widget=forms.TextInput(attrs={"class": "vTextField"})
        )
        OptionForm.declared_fields[_field] = OptionForm.base_fields[_field] = _made


class VariantForm(forms.ModelForm):
    price = MinorUnitsField(label=_("price"), required=False)
    compare_at_price = MinorUnitsField(label=_("before reduction"), required=False)

    class Meta:
        model = Variant
        fields = ("sku", "price", "compare_at_price", "weight_grams", "barcode")

    def clean(self) -> Any:
        data = super().clean()
        price, before = self.cleaned_data.get("price"), self.cleaned_data.get("compare_at_price")
        if before is not None and (price is None or before <= price):
            self.add_error("compare_at_price", _("This must be more than the price."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """Its own message above speaks of the two prices, not that of the database's constraint."""
        return {*super()._get_validation_exclusions(), "compare_at_price"}


@translated(ProductImage, "alt")
class ImageForm(TranslatedForm):
    class Meta:
        model = ProductImage
        fields = ("file", "alt", "variant", "position")
        widgets = {"alt": forms.TextInput(attrs={"class": "vTextField"})}

    def clean_file(self) -> Any:
        """A real picture of a size that the job can work with; what it shows is made from a copy."""
        upload = self.cleaned_data.get("file")
        if "file" not in self.changed_data or not upload:
            return upload
        if upload.size > MOST_BYTES:
            raise ValidationError(_("The picture is larger than 20 MB."))
        from PIL import Image  # only where one is uploaded: it takes a process 3 MB

        try:
            upload.seek(0)
            with Image.open(upload, formats=READABLE) as picture:
                if picture.width * picture.height > PIXEL_LIMIT:
                    raise ValidationError(_("The picture has more than 50 megapixels."))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise ValidationError(_("Upload a JPEG, PNG, WebP, AVIF or GIF picture.")) from error
        upload.seek(0)
        return upload

    def clean(self) -> Any:
        data = super().clean()
        if not self.instance.pk and not self.cleaned_data.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose a picture."))
        return data

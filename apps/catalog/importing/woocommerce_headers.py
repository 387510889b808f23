"""Which column of a WooCommerce export means what. Its header is in the language of the shop that wrote it.

Known names come first. For any other language the place of a column decides: the exporter always writes the same order,
and its columns of weight and size can be told by the units in brackets.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

# English, German, Spanish, French, Italian, Dutch, Portuguese; in lower case, with plain apostrophes.
NAMES: dict[str, str] = {
    "id": "id",
    "type|typ|tipo": "type",
    "sku|artikelnummer|ugs|cod|artikelnummer (sku)|ref": "sku",
    "gtin, upc, ean, or isbn|gtin, upc, ean oder isbn|gtin, upc, ean o isbn|gtin, upc, ean ou isbn": "barcode",
    "name|nombre|nom|nome|naam": "title",
    "published|veröffentlicht|publicado|publié|pubblicato|gepubliceerd": "published",
    "visibility in catalog|sichtbarkeit im katalog|visibilidad en el catálogo|visibilité dans le catalogue"
    "|visibilità nel catalogo|zichtbaarheid in catalogus|visibilidade no catálogo": "visibility",
    "short description|kurzbeschreibung|descripción corta|description courte|breve descrizione"
    "|korte beschrijving|descrição curta": "short",
    "description|beschreibung|descripción|descrizione|beschrijving|descrição": "description",
    "date sale price starts|datum, an dem angebotspreis beginnt|día en que empieza el precio rebajado"
    "|date de début de promo": "sale_from",
    "date sale price ends|datum, an dem angebotspreis endet|día en que termina el precio rebajado"
    "|date de fin de promo": "sale_to",
    "tax status|steuerstatus|estado del impuesto|état de la tva|stato delle imposte|belastingstatus": "tax_status",
    "tax class|steuerklasse|clase de impuesto|classe de tva|aliquota di imposta|belastingklasse": "tax_class",
    "in stock?|vorrätig?|¿existencias?|¿en inventario?|en stock ?|en stock?|in stock?|op voorraad?": "in_stock",
    "stock|lager|bestand|lagerbestand|inventario|magazzino|voorraad|estoque": "quantity",
    "backorders allowed?|lieferrückstande erlaubt?|lieferrückstände erlaubt?"
    "|¿permitir reservas de productos agotados?|autoriser les commandes de produits en rupture ?": "backorders",
    "sale price|angebotspreis|precio rebajado|tarif promo|prezzo in offerta|actieprijs|preço promocional": "sale",
    "regular price|regulärer preis|precio normal|tarif régulier|prezzo di listino|reguliere prijs|preço": "price",
    "categories|kategorien|categorías|catégories|categorie|categorieën|categorias": "categories",
    "images|bilder|imágenes|immagini|afbeeldingen|imagens": "pictures",
    "parent|übergeordnetes produkt|superior|genitore|hoofd": "parent",
    "brands|marken|marcas|marques|marchi|merken": "brand",
    "meta: _yoast_wpseo_title|meta: rank_math_title": "seo_title",
    "meta: _yoast_wpseo_metadesc|meta: rank_math_description": "seo_description",
}
FIELDS = {name: field for names, field in NAMES.items() for name in names.split("|")}
# Where the exporter puts them; the number of the product (GTIN) came later and moves what follows it.
ORDER = [
    "id", "type", "sku", "title", "published", "", "visibility", "short", "description", "sale_from", "sale_to",
    "tax_status", "tax_class", "in_stock", "quantity", "", "backorders", "", "weight", "", "", "", "", "", "sale",
    "price", "categories", "", "", "pictures", "", "", "parent",
]  # fmt: skip
WEIGHT = re.compile(r"\((kg|g|lbs|oz)\)$")
LENGTH = re.compile(r"\((m|cm|mm|in|yd)\)$")
NUMBERED = re.compile(r"[^0-9]*?([0-9]{1,3})[^0-9]*")
VALUE_WORDS = ("(", "value", "wert", "valor", "valeur", "valore", "waarde")
DOWNLOADS = ("download", "herunterl", "descarga", "téléchargement")
GRAMS = {"kg": "weight_kg", "g": "weight_g", "lbs": "weight_lbs", "oz": "weight_oz"}


def plain_name(header: str) -> str:
    return " ".join(header.replace("’", "'").split()).casefold()


def columns(header: Sequence[str]) -> dict[str, str]:
    """Each understood header with its field; attributes are `attribute<n>_name` and `attribute<n>_values`."""
    names = [plain_name(name) for name in header]
    fields = {name: _named(name) for name in names}
    for name, field in zip(names, _placed(names), strict=False):
        if field and not fields[name] and field not in fields.values():
            fields[name] = field
    fields.update(_attributes([name for name in names if not fields[name]]))
    return {name: field for name, field in fields.items() if field}


def _named(name: str) -> str:
    if unit := WEIGHT.search(name):
        return GRAMS[unit[1]]
    return FIELDS.get(name, "")


def is_in_order(names: Sequence[str]) -> bool:
    """Whether this is the exporter's own order of columns, in whatever language."""
    return bool(_placed([plain_name(name) for name in names]))


def _placed(names: Sequence[str]) -> list[str]:
    for order in (ORDER, [*ORDER[:3], "barcode", *ORDER[3:]]):
        place = order.index("weight")
        sized = names[place + 1 : place + 4]
        if (
            len(names) >= len(order)
            and names[0] == "id"
            and WEIGHT.search(names[place])
            and len(sized) == 3
            and all(LENGTH.search(name) for name in sized)
        ):
            return ["" if field == "weight" else field for field in order]
    return []


def _attributes(names: Sequence[str]) -> dict[str, str]:
    """Columns that share a number; three of them with an address among them are a download."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if not name.startswith("meta:") and (match := NUMBERED.fullmatch(name)):
            groups[match[1]].append(name)
    fields = {}
    for number, numbered in groups.items():
        group = [name for name in dict.fromkeys(numbered) if not any(word in name for word in DOWNLOADS)]
        if len(group) < 2 or any("url" in name for name in group):
            continue
        values = next((name for name in group if any(word in name for word in VALUE_WORDS)), group[1])
        fields[values] = f"attribute{number}_values"
        fields[next(name for name in group if name != values)] = f"attribute{number}_name"
    return fields

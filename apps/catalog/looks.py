"""Which variants look alike: the moss mug in two sizes needs one picture, not two."""

from collections.abc import Container, Sequence

from apps.catalog.models import Variant


def picture_sources(variants: Sequence[Variant], pictured: Container[int]) -> dict[int, int]:
    """For each variant the one whose picture it shows: itself, or the sibling that looks like it.

    What sets the pictured variants apart (their colours, say) is what can be seen. A variant without a picture takes
    that of a sibling with the same visible value, the first option counting most. A variant that is like none has no
    entry. Expects the option values to be loaded.
    """
    values = {v.pk: {value.option_id: value.pk for value in v.values.all()} for v in variants}
    sources = [v.pk for v in variants if v.pk in pictured]
    options = list(dict.fromkeys(option for pk in sources for option in values[pk]))
    apart = [option for option in options if len({values[pk].get(option) for pk in sources}) > 1]
    # One picture tells nothing apart; the first option is the likeliest to be seen.
    visible = apart or options[:1]
    found = {}
    for variant in variants:
        if variant.pk in pictured:
            found[variant.pk] = variant.pk
            continue
        own = values[variant.pk]
        likeness = {pk: [values[pk].get(option) == own.get(option) for option in visible] for pk in sources}
        best = max(sources, key=lambda pk: likeness[pk], default=None)
        if best is not None and any(likeness[best]):
            found[variant.pk] = best
    return found

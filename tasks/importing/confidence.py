"""How sure each field of a line is, from 0 to 1, for the person who reviews it.

1.0 is read as it stands; less means that something was inferred, or that the words may mean
nobody in particular.
"""

from tasks.importing.matching import is_open_group
from tasks.importing.results import Duty, Item, Words
from tasks.importing.unit_lists import starts_with_unit

CERTAIN, WITHOUT_CODE, NOBODY_NAMED, UNUSUAL_NAME = 1.0, 0.8, 0.5, 0.4
_LONGEST_NAME = 120  # characters; what is longer is seldom one name

FieldConfidence = dict[str, float | list[float]]


def item_fields(item: Item) -> FieldConfidence:
    """Return how sure each field of a task is; fields that the text does not give are left out."""
    fields: FieldConfidence = {"title": CERTAIN if item.code else WITHOUT_CODE}
    if item.code:
        fields["code"] = CERTAIN
    if item.leads:
        fields["lead"] = [unit_confidence(unit) for unit in item.leads]
    if item.coordinators:
        fields["coordinating"] = [unit_confidence(unit) for unit in item.coordinators]
    if item.time:
        fields["time"] = item.timeframe.confidence
    for name, said in (("product", item.product), ("budget", item.budget)):
        if said:
            fields[name] = CERTAIN
    if item.director:
        fields["director"] = unit_confidence(item.director)
    return fields


def duty_fields(duty: Duty) -> FieldConfidence:
    """Return how sure each field of a duty to report is, like `item_fields`."""
    fields: FieldConfidence = {"to": [unit_confidence(unit) for unit in duty.to]}
    for name, unit in (("who", duty.who), ("via", duty.via)):
        if unit:
            fields[name] = unit_confidence(unit)
    if duty.time:
        fields["time"] = duty.timeframe.confidence
    return fields


def unit_confidence(unit: Words) -> float:
    """Return how sure it is that words name a unit or a group with members."""
    if is_open_group(unit.text):
        return NOBODY_NAMED
    usual = starts_with_unit(unit.text) and len(unit.text) <= _LONGEST_NAME
    return CERTAIN if usual else UNUSUAL_NAME

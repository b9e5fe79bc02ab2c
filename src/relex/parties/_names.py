"""Names of persons and organizations, in parts where the parts are known."""

from __future__ import annotations

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = ["OrganizationName", "PersonName"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_ORDER = _checks.optional(_checks.one_of("given-first", "family-first"))
_POSITION = _checks.optional(_checks.one_of("front", "end", "middle"))


@tagged("parties.PersonName")
@attrs.frozen(weakref_slot=False)
class PersonName:
    """The name of a person.

    Romanized names do not reveal their order ("Kim Jong-un", "Yamada Tarō"), so the order is stored and never guessed;
    a name that nobody has split lives in `full`.

    Attributes:
        full: The whole name as it is written.
        given: Given name.
        family: Family name.
        middle: Between the two.
        prefix: Such as `Dr.`.
        suffix: Such as `Jr.`.
        order: `given-first`, `family-first`, or None where it is not known.
        given_phonetic: How the given name is read, such as in katakana.
        family_phonetic: How the family name is read.
        trade_name: Of a sole trader, who is a person.

    Raises:
        InvalidValue: For none of full, given and family, an empty part, or another order.

    Example:
        >>> str(PersonName(given="Jong-un", family="Kim", order="family-first"))
        'Kim Jong-un'
        >>> str(PersonName(given="Ada", family="Lovelace", prefix="Countess", order="given-first"))
        'Countess Ada Lovelace'
        >>> str(PersonName(given="Ada", family="Lovelace"))
        'Lovelace, Ada'

    .. versionadded:: 0.1.0
    """

    full: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    given: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    family: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    middle: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    prefix: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    suffix: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    order: str | None = attrs.field(default=None, validator=_ORDER, kw_only=True)
    given_phonetic: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    family_phonetic: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    trade_name: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that there is a name."""
        if self.full is None and self.given is None and self.family is None:
            raise InvalidValue("PersonName", None, "at least one of full, given and family")

    def __str__(self) -> str:
        """The name as written, else its parts in their order; an unknown order shows as `Family, Given`."""
        if self.full is not None:
            return self.full
        if self.order == "family-first":
            return _joined(self.prefix, self.family, self.middle, self.given, self.suffix)
        if self.order is None and self.family is not None and self.given is not None:
            return f"{_joined(self.prefix, self.family)}, {_joined(self.given, self.middle, self.suffix)}"
        return _joined(self.prefix, self.given, self.middle, self.family, self.suffix)


@tagged("parties.OrganizationName")
@attrs.frozen(weakref_slot=False)
class OrganizationName:
    """The name of an organization.

    The legal form and its place are kept because they distinguish companies: 株式会社アシスト and アシスト株式会社
    are names of different ones. A name alone is never an identity.

    Attributes:
        full: The whole name as it is written.
        core: Without the legal form.
        legal_form: Such as `gmbh`, `株式会社`.
        form_position: Where the form stands: `front`, `end`, `middle`, or None.
        phonetic: How the core is read.
        trade_name: What it trades as.

    Raises:
        InvalidValue: For an empty part, or another position.

    Example:
        >>> print(OrganizationName("アシスト株式会社", core="アシスト", legal_form="株式会社", form_position="end"))
        アシスト株式会社

    .. versionadded:: 0.1.0
    """

    full: str = attrs.field(validator=_checks.text)
    core: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    legal_form: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    form_position: str | None = attrs.field(default=None, validator=_POSITION, kw_only=True)
    phonetic: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    trade_name: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)

    def __str__(self) -> str:
        """The name as written."""
        return self.full


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part is not None)

"""Phone numbers, read by phonenumbers."""

from __future__ import annotations

import attrs

from relex.parties import Phone, phone
from relex.parties._phones import split_extension

try:
    import phonenumbers
    from phonenumbers import NumberParseException, PhoneNumber, ValidationResult
except ImportError as error:
    raise ImportError("PhoneNumbers needs phonenumbers: pip install 'relex-crm[contacts]'") from error

__all__ = ["PhoneNumbers"]

_REFUSALS = {
    NumberParseException.INVALID_COUNTRY_CODE: "not-a-phone",
    NumberParseException.NOT_A_NUMBER: "not-a-phone",
    NumberParseException.TOO_LONG: "too-long",
    NumberParseException.TOO_SHORT_AFTER_IDD: "too-short",
    NumberParseException.TOO_SHORT_NSN: "too-short",
}
_ODD = {
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too-short",
    ValidationResult.TOO_LONG: "too-long",
    ValidationResult.TOO_SHORT: "too-short",
}


class PhoneNumbers:
    """Reads phone numbers of all countries, with their validity, through phonenumbers.

    Where `relex.parties.phone` gives an E.164 too, it is the same one.

    Example:
        >>> phone("070-123 45 67", "SE").reason
        'no-region'
        >>> found = phone("070-123 45 67", "SE", reader=PhoneNumbers())
        >>> found.e164, found.validity
        ('+46701234567', 'valid')

    .. versionadded:: 0.1.0
    """

    def read(self, text: str, region: str | None = None, /) -> Phone:
        """The number in a text; `relex.parties.phone` calls it.

        .. versionadded:: 0.1.0
        """
        number, extension = split_extension(text)
        try:
            found = phonenumbers.parse(number, region)
        except NumberParseException as error:
            return Phone(extension=extension, reason=_refusal(error, number, region))
        if phonenumbers.is_valid_number(found):
            return Phone(e164=_e164(found), extension=extension or found.extension, validity="valid")
        core = phone(text, region)
        return attrs.evolve(core, validity="invalid") if core.e164 else _invalid(found, extension or found.extension)


def _refusal(error: NumberParseException, number: str, region: str | None) -> str:
    lacks_region = error.error_type == NumberParseException.INVALID_COUNTRY_CODE and "+" not in number
    return "no-region" if lacks_region and phone(number, region).reason == "no-region" else _REFUSALS[error.error_type]


def _invalid(found: PhoneNumber, extension: str | None) -> Phone:
    reason = _ODD.get(phonenumbers.is_possible_number_with_reason(found))
    return Phone(e164=None if reason else _e164(found), extension=extension, validity="invalid", reason=reason)


def _e164(found: PhoneNumber) -> str:
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))

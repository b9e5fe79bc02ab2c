"""E-mail addresses, judged by email-validator."""

from __future__ import annotations

import re

from relex.parties import email_key

try:
    from email_validator import EmailNotValidError, validate_email
except ImportError as error:
    raise ImportError("EmailAddresses needs email-validator: pip install 'relex-crm[contacts]'") from error

__all__ = ["EmailAddresses"]

_DOTS = re.compile(r"\.+")


class EmailAddresses:
    """Judges the syntax of e-mail addresses through email-validator. Nothing is ever looked up in the DNS.

    What it takes for an address has the key of `relex.parties.email_key`. It takes stray dots in the local part, since
    carriers have issued such addresses; it takes no domain that is reserved, such as `x.test` or `localhost`.

    Example:
        >>> emails = EmailAddresses()
        >>> emails.key("Ada@Example.org"), emails.key("ada@-example.org")
        ('ada@example.org', None)

    .. versionadded:: 0.1.0
    """

    def key(self, text: str, /) -> str | None:
        """What an address is compared by; None for what is no address.

        Raises:
            InvalidValue: For what is no str.

        .. versionadded:: 0.1.0
        """
        return None if self.problem(text) else email_key(text)

    def problem(self, text: str, /) -> str | None:
        """Why a text is no address, in the words of email-validator; None for an address.

        Raises:
            InvalidValue: For what is no str.

        Example:
            >>> EmailAddresses().problem("ada@-example.org")
            'An email address cannot have a hyphen immediately after the @-sign.'

        .. versionadded:: 0.1.0
        """
        address = email_key(text, local_case="keep")
        if address is None:
            return "There is no address with something on both sides of an @-sign."
        local, _, domain = address.rpartition("@")
        dotted = _DOTS.sub(".", local).strip(".") or local
        try:
            validate_email(f"{dotted}@{domain}", check_deliverability=False, allow_quoted_local=True)
        except EmailNotValidError as error:
            return str(error)
        return None

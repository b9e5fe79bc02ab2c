"""What e-mail addresses are compared by."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Literal, Protocol
from unicodedata import category

from relex import _checks
from relex.parties._fold import normal, require_text, seen

__all__ = ["SHARED_SUFFIXES", "EmailReader", "email_key", "mailbox_key", "registered_domain"]

_SUFFIXES = (
    "co.uk org.uk ac.uk co.jp ne.jp or.jp ac.jp go.jp com.au net.au com.br com.cn com.tw com.hk co.kr co.nz co.in"
)

SHARED_SUFFIXES = frozenset(_SUFFIXES.split())
"""Domains of two labels under which anybody registers a third."""

_BRACKETS = re.compile(r"<([^<>]*)>")
_MAILTO = re.compile(r"(?:mailto: ?)+", re.IGNORECASE)
_LONGEST_LABEL = 63
_SETS = _checks.Check(
    "a set of str, or another container",
    lambda value: isinstance(value, Container) and not isinstance(value, (str, bytes)),
)
_LOCAL_CASE = _checks.one_of("fold", "keep")
_GOOGLE = ("gmail.com", "googlemail.com")


class EmailReader(Protocol):
    """Reads e-mail addresses better than the core does, such as `relex.adapters.contacts.EmailAddresses`.

    .. versionadded:: 0.1.0
    """

    def key(self, text: str, /) -> str | None:
        """What an address is compared by; None for what is none. Where it answers, it agrees with `email_key`.

        .. versionadded:: 0.1.0
        """
        ...


def email_key(text: str, *, local_case: Literal["fold", "keep"] = "fold") -> str | None:
    """What an e-mail address is compared by.

    The part in angle brackets, without `mailto:`, in one form of width and case, without a final dot, with the domain
    in its own letters. Dots and `+tags` are kept, since they tell mailboxes apart for most providers.

    Args:
        text: The address, as written.
        local_case: `keep` tells `Ada@x.org` from `ada@x.org`, as the standard allows and hardly a provider does.

    Returns:
        The key; None without an `@`, or with nothing before or behind it.

    Raises:
        InvalidValue: For what is no str, and for another case.

    Source: RFC 5321, section 2.3.11 (the local part); RFC 3492 (Punycode).

    Example:
        >>> email_key("John.Doe+tag@GMAIL.com"), email_key("Ada <ada@xn--fiqq24b10vi0d.tw>"), email_key("ada")
        ('john.doe+tag@gmail.com', 'ada@臺網中心.tw', None)

    .. versionadded:: 0.1.0
    """
    require_text("email_key", text)
    if local_case != "fold":
        _LOCAL_CASE.require("email_key.local_case", local_case)
    local, domain = _parts(text)
    if not local or not domain:
        return None
    return f"{_cased(local) if local_case == 'fold' else local}@{domain}"


def mailbox_key(text: str, *, local_case: Literal["fold", "keep"] = "fold") -> str | None:
    """The e-mail key without what the provider ignores: at Gmail dots, and a `+` with all that follows.

    Weak evidence that two addresses are one mailbox, and a check against abuse. It never replaces the address.

    Args:
        text: The address, as written.
        local_case: As in `email_key`; Gmail ignores case, whatever is asked for.

    Raises:
        InvalidValue: For what is no str, and for another case.

    Example:
        >>> mailbox_key("John.Doe+tag@GMAIL.com"), mailbox_key("john.doe+tag@example.org")
        ('johndoe@gmail.com', 'john.doe+tag@example.org')

    .. versionadded:: 0.1.0
    """
    key = email_key(text, local_case=local_case)
    if key is None:
        return None
    local, _, domain = key.rpartition("@")
    if domain not in _GOOGLE:
        return key
    kept = local.partition("+")[0].replace(".", "")
    return email_key(f"{kept}@gmail.com") or f"{_cased(local)}@gmail.com"  # what is ignored never leaves nothing


def registered_domain(text: str, *, suffixes: Container[str] = SHARED_SUFFIXES) -> str | None:
    """The part of a domain that somebody has registered: two labels, or three below a shared suffix.

    Args:
        text: A domain, or an e-mail address.
        suffixes: Domains under which anybody registers another label.

    Returns:
        The domain as in `email_key`; None for a single label, a shared suffix itself, or a numeric address.

    Raises:
        InvalidValue: For what is no str, and for suffixes that are no set or other container.

    Example:
        >>> registered_domain("ada@mail.Example.co.uk"), registered_domain("localhost")
        ('example.co.uk', None)

    .. versionadded:: 0.1.0
    """
    require_text("registered_domain", text)
    _SETS.require("registered_domain.suffixes", suffixes)
    labels = _parts(text)[1].rsplit(".", 3)[-3:]
    shared = ".".join(labels[-2:]) in suffixes
    labels = labels if shared else labels[-2:]
    is_name = len(labels) == 2 + shared and all(map(_is_label, labels)) and not labels[-1].isdigit()
    return ".".join(labels) if is_name else None


def _parts(text: str) -> tuple[str, str]:
    """The local part, and the domain in the form of keys."""
    text = " ".join((text if text.isascii() and text.isprintable() else normal("NFKC", seen(text))).split())
    bracketed = _BRACKETS.findall(text) if "<" in text else None
    text = (bracketed[-1] if bracketed else text).strip()
    mailto = _MAILTO.match(text)
    local, _, domain = text[mailto.end() if mailto else 0 :].rpartition("@")
    return local.rstrip(), _domain(domain)


def _domain(text: str) -> str:
    domain = _cased(text.strip().rstrip(". "))
    if "xn--" in domain:
        domain = ".".join([_letters(label) if label.startswith("xn--") else label for label in domain.split(".")])
    return domain


def _letters(label: str) -> str:
    """An encoded label in its letters; the label itself where it does not decode to such."""
    if len(label) > _LONGEST_LABEL or not label.isascii():
        return label
    try:
        letters = label[4:].encode().decode("punycode")
    except UnicodeError:
        return label
    found = _cased(normal("NFKC", seen(letters)))
    return label if letters.isascii() or found.startswith("xn--") or not _is_label(found) else found


def _is_label(label: str) -> bool:
    return label != "" and all(map(_is_of_label, label))


def _is_of_label(sign: str) -> bool:
    return sign.isalnum() or sign in "-_·" or category(sign)[0] == "M"


def _cased(text: str) -> str:
    return text.lower() if text.isascii() else normal("NFC", text.casefold())

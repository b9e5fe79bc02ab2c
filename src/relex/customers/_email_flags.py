"""What is odd about an e-mail address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relex import _checks
from relex.customers._flags import Flag, flag
from relex.customers._quality_lists import LONGEST
from relex.customers._quality_policy import QualityPolicy, chosen
from relex.customers._text_flags import text_flags
from relex.matching import osa
from relex.parties import email_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["email_flags"]

_TEXT = _checks.a(str)
_BRACKETS = re.compile(r"<([^<>]*)>")
_SPACE = re.compile(r"\S\s+\S")


def email_flags(text: str, policy: QualityPolicy | None = None, *, field: str = "email") -> tuple[Flag, ...]:
    """What is odd about an e-mail address, sorted by code; nothing is looked up.

    What has no `@` in its first 2,000 signs is no address.
    `typo-domain` suggests an address at the most similar known domain, the first of the policy's on a tie.

    Args:
        text: The address as typed; `Ada <ada@x.org>` is fine.
        policy: What is odd, None for the default policy; its `allow` may name the address or the domain.
        field: What flags call the field.

    Raises:
        InvalidValue: For something else than a str, or another type of policy.

    Example:
        >>> print(email_flags("john@gmial.com")[0])
        doubt email typo-domain: 'gmial.com'; perhaps john@gmail.com
        >>> email_flags("ada@x.org")
        ()

    .. versionadded:: 0.1.0
    """
    _TEXT.require("email_flags.text", text)
    policy = chosen("email_flags.policy", policy)
    key = email_key(text[:LONGEST], local_case="keep")
    if key is None:
        odd = () if policy.allows(text) else (*text_flags(text, policy, field=field), flag(field, "not-an-email", text))
        return tuple(sorted(odd, key=_code))
    local, _, domain = key.rpartition("@")
    if policy.allows(text, key, domain):
        return ()
    found = [*text_flags(text, policy, field=field), *_of_form(text, local, domain, field)]
    found += [*_of_local(local, policy, field), *_of_domain(local, domain, policy, field)]
    return tuple(sorted(found, key=_code))


def _code(found: Flag) -> str:
    return found.code


def _of_form(text: str, local: str, domain: str, field: str) -> Iterator[Flag]:
    bracketed = _BRACKETS.findall(text[:LONGEST])
    typed = (bracketed[-1] if bracketed else text[:LONGEST]).strip()
    if _SPACE.search(typed) or "," in local + domain or not all(domain.split(".")) or "." not in domain:
        yield flag(field, "not-an-email", text)


def _of_local(local: str, policy: QualityPolicy, field: str) -> Iterator[Flag]:
    if local.startswith(".") or local.endswith(".") or ".." in local:
        yield flag(field, "legacy-local-part", local)
    role = local.partition("+")[0].casefold()
    if role in policy.role_names:
        yield flag(field, "role-address", role)


def _of_domain(local: str, domain: str, policy: QualityPolicy, field: str) -> Iterator[Flag]:
    lists = {
        "reserved-domain": policy.reserved_domains,
        "disposable-domain": policy.disposable_domains,
        "privacy-relay": policy.relay_domains,
    }
    listed = [code for code, domains in lists.items() if _is_under(domain, domains)]
    for code in listed:
        yield flag(field, code, domain)
    meant = None if listed else _meant(domain, policy)  # what is on a list is no misspelling of something else
    if meant is not None:
        yield flag(field, "typo-domain", domain, suggestion=f"{local}@{meant}")


def _is_under(domain: str, domains: Iterable[str]) -> bool:
    return any(domain == known or domain.endswith(f".{known}") for known in domains)


def _meant(domain: str, policy: QualityPolicy) -> str | None:
    """The known domain that a domain is most like, if it is like one and is none."""
    if domain in policy.known_domains:
        return None
    best, most = None, policy.likeness
    letters = frozenset(domain)
    for each, its_letters in policy.known_letters:
        longer = max(len(domain), len(each))
        edits = max(longer - min(len(domain), len(each)), len(its_letters - letters))  # there are at least so many
        if longer - edits < most * longer:
            continue
        alike = osa(domain, each)
        if alike is not None and (alike > most or (best is None and alike == most)):
            best, most = each, alike
    return best

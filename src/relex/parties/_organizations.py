"""Names of organizations, taken apart into a core and a legal form."""

from __future__ import annotations

import re

from relex.parties._fold import fold, require_text
from relex.parties._name_keys import name_key
from relex.parties._names import OrganizationName

__all__ = ["organization", "organization_key"]

_KABUSHIKI = "株式会社"
_SHORT = {
    "(株)": _KABUSHIKI,
    "カブシキガイシャ": _KABUSHIKI,
    "カブシキカイシャ": _KABUSHIKI,
    "(有)": "有限会社",
    "(同)": "合同会社",
    "(資)": "合資会社",
    "(名)": "合名会社",
    "npo法人": "特定非営利活動法人",
    "(주)": "주식회사",
    "(유)": "유한회사",
}
_FULL = (
    "株式会社 有限会社 合同会社 合資会社 合名会社 特定非営利活動法人 社会福祉法人 一般社団法人 一般財団法人 "
    "公益社団法人 公益財団法人 独立行政法人 国立大学法人 農事組合法人 税理士法人 弁護士法人 医療法人 学校法人 "
    "宗教法人 社団法人 財団法人 相互会社 股份有限公司 有限责任公司 有限責任公司 有限公司 주식회사 유한회사"
)
_FORMS = tuple(sorted((*_SHORT, *_FULL.split()), key=len, reverse=True))
_ANY_FORM = re.compile("|".join(map(re.escape, _FORMS)))
_BANK_WORDS = (
    "カ:株式会社 ユ:有限会社 メ:合名会社 シ:合資会社 ド:合同会社 イ:医療法人 ザイ:財団法人 シヤ:社団法人 "
    "シユウ:宗教法人 ガク:学校法人 フク:社会福祉法人 ソ:相互会社 トクヒ:特定非営利活動法人 ドク:独立行政法人 "
    "ベン:弁護士法人 ゼイ:税理士法人 ダイ:国立大学法人 ノウ:農事組合法人"
)
_BANK = {short: full for short, _, full in (pair.partition(":") for pair in _BANK_WORDS.split())}
_BANK_SIGNS = re.compile("^({0})\\)|\\(({0})$|\\(({0})\\)".format("|".join(_BANK)))
_SUFFIX_WORDS = (
    "gmbh & co kg,gmbh and co kg,spolka z oo,sp z oo,pty ltd,pte ltd,pvt ltd,sdn bhd,incorporated,inc,corporation,"
    "corp,company,co,limited,ltd,llc,llp,lp,plc,pty,pte,gmbh,ag,kg,ohg,ug,se,sa,sas,sarl,srl,spa,bv,nv,oyj,oy,ab,asa,"
    "as,a/s,aps,kk,gk,yk,kft,zrt,doo,sro,sl,ltda,bhd"
)
_SUFFIXES = frozenset(_SUFFIX_WORDS.split(","))
_LONGEST = 4
_JOINS = re.compile(r"[^\w]|[\u1160-\u11ff]")  # marks, and the later parts of a Korean syllable
_PREFIXES = frozenset({"oy", "pt", "ooo"})
_ARTICLES = frozenset(["the", "a", "an", "der", "die", "das", "le", "la", "el"])


def organization(text: str) -> OrganizationName | None:
    """The name of an organization with its core, its legal form and where the form stands; None for a blank.

    East Asian forms are looked for at the front, at the end, then inside, the longest first; then the abbreviations of
    Japanese bank transfers (`カ)`); then Latin forms at the end, again and again, and one in front. A form that would
    leave no name is a part of the name.

    Core and form are folded. A name is no identity: 株式会社アシスト and アシスト株式会社 are two.

    Raises:
        InvalidValue: For what is no str.

    Source: Japanese Bankers Association (Zengin), abbreviations in the kana names of account holders.

    Example:
        >>> name = organization("Müller GmbH & Co. KG")
        >>> name.core, name.legal_form, name.form_position
        ('muller', 'gmbh & co kg', 'end')
        >>> organization("アシスト株式会社").form_position
        'end'

    .. versionadded:: 0.1.0
    """
    require_text("organization", text)
    folded = fold(text)
    if not folded:
        return None
    core, form, position = _east_asian(folded) or _bank(folded) or _latin(folded)
    return OrganizationName(text, core=core or None, legal_form=form, form_position=position)


def organization_key(text: str) -> str | None:
    """What the name of an organization is compared by: the name key of its core.

    A name within which signs had kept a form apart, or which bore several, loses them all, so that the key of a key is
    itself.

    Raises:
        InvalidValue: For what is no str.

    Example:
        >>> organization_key("Hello World, ltd."), organization_key("㈱日立製作所")
        ('helloworld', '日立製作所')

    .. versionadded:: 0.1.0
    """
    require_text("organization_key", text)
    name = organization(text)
    key = None if name is None or name.core is None else name_key(name.core)
    return key if key is None or key.isascii() or not _ANY_FORM.search(key) else _formless(key)


def _east_asian(text: str) -> tuple[str, str, str] | None:
    if text.isascii() or not _ANY_FORM.search(text):
        return None
    cut = _cut_at_front(text) or _cut_at_end(text) or _cut_inside(text)
    return cut and (cut[0], _SHORT.get(cut[1], cut[1]), cut[2])


def _cut_at_front(text: str) -> tuple[str, str, str] | None:
    form = next((form for form in _FORMS if text.startswith(form)), None)
    core = text[len(form) :].strip() if form else ""
    return (core, form, "front") if form and _says(core) else None


def _cut_at_end(text: str) -> tuple[str, str, str] | None:
    form = next((form for form in _FORMS if text.endswith(form)), None)
    core = text[: -len(form)].strip() if form else ""
    return (core, form, "end") if form and _says(core) else None


def _cut_inside(text: str) -> tuple[str, str, str] | None:
    form = next((form for form in _FORMS if form in text), "")
    before, _, after = text.partition(form)
    core = " ".join((before + after).split())
    return (core, form, "middle") if before and after and _says(core) else None


def _bank(text: str) -> tuple[str, str, str] | None:
    found = None if text.isascii() else _BANK_SIGNS.search(text)
    if found is None:
        return None
    core = " ".join((text[: found.start()] + text[found.end() :]).split())
    position = "front" if found.start() == 0 else "end" if found.end() == len(text) else "middle"
    return (core, _BANK[found[found.lastindex or 0]], position) if _says(core) else None


def _latin(text: str) -> tuple[str, str | None, str | None]:
    tokens = text.replace(".", "").replace(",", " ").split()
    first = next((place for place, token in enumerate(tokens) if token not in _ARTICLES), len(tokens))
    end = _without_suffixes(tokens, first)
    start = int(end > 1 and tokens[0] in _PREFIXES and any(token not in _ARTICLES for token in tokens[1:end]))
    form = " ".join(tokens[:start] + tokens[end:])
    position = None if not form else "end" if end < len(tokens) else "front"
    return " ".join(tokens[start:end]), form or None, position


def _without_suffixes(tokens: list[str], first: int) -> int:
    end = len(tokens)
    while True:
        longest = min(_LONGEST, end - first - 1)
        size = next((size for size in range(longest, 0, -1) if " ".join(tokens[end - size : end]) in _SUFFIXES), 0)
        if not size:
            return end
        end -= size


def _formless(key: str) -> str:
    """The key without any form; in one pass, since a form may stand inside another a million times."""
    kept: list[str] = []
    last, is_cut = key, False
    for sign in key:
        if is_cut and _JOINS.match(sign):
            continue  # what belongs to the sign before it goes with the form
        kept.append(sign)
        tail = "".join(kept[-_WIDEST:])
        form = next((form for form in _FORMS if tail.endswith(form)), "")
        is_cut = form != ""
        if is_cut:
            del kept[-len(form) :]
            last = form
    return "".join(kept) or last


def _says(core: str) -> bool:
    return any(map(str.isalnum, core))


_WIDEST = len(_FORMS[0])

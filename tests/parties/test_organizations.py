"""Names of organizations, beyond the published cases."""

from __future__ import annotations

import pytest

from relex.parties import organization, organization_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme", ("acme", None, None)),
        ("Oy Acme", ("acme", "oy", "front")),
        ("Oy Ab", ("oy", "ab", "end")),
        ("Oy", ("oy", None, None)),
        ("PT The", ("pt the", None, None)),
        ("Die AG", ("die ag", None, None)),
        ("Maersk A/S", ("maersk", "a/s", "end")),
        ("Foo Pty. Ltd.", ("foo", "pty ltd", "end")),
        ("...", (None, None, None)),
        ("㈱", ("(株)", None, None)),
        ("株式会社", ("株式会社", None, None)),
        ("株式会社・", ("株式会社・", None, None)),
        ("アシスト㈱東京", ("アシスト東京", "株式会社", "middle")),
        ("みどり 株式会社 本店", ("みどり 本店", "株式会社", "middle")),
        ("NPO法人みどり", ("みどり", "特定非営利活動法人", "front")),
        ("一般社団法人みどり", ("みどり", "一般社団法人", "front")),
        ("삼성전자(주)", ("삼성전자", "주식회사", "end")),
        ("ヤマダ(カ)エイギョウ", ("ヤマダエイギョウ", "株式会社", "middle")),
        ("ヤマダ (カ) エイギョウ", ("ヤマダ エイギョウ", "株式会社", "middle")),
        ("ﾄｸﾋ)ﾐﾄﾞﾘ", ("ミドリ", "特定非営利活動法人", "front")),
        ("カ)", ("カ)", None, None)),
        ("トヨタ Co., Ltd.", ("トヨタ", "co ltd", "end")),
    ],
)
def test_parts_of_a_name(text: str, expected: tuple[str | None, ...]) -> None:
    """What would leave no name stays a part of it."""
    name = organization(text)

    assert name is not None
    assert expected == (name.core, name.legal_form, name.form_position)


@pytest.mark.parametrize("text", ["", " ", "\u200b"], ids=ascii)
def test_a_blank_is_no_organization(text: str) -> None:
    assert organization(text) is None
    assert organization_key(text) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("株式会社有限会社アシスト", "アシスト"),
        ("株・式会社アシスト", "アシスト"),
        ("株式會社アシスト", "アシスト"),
        ("かぶしきがいしゃアシスト", "アシスト"),
        ("株式会社有限会社", "有限会社"),
        ("有限会社株式会社医療法人", "医療法人"),
        ("株株式会社式会社みどり有限会社", "ミドリ"),
        ("À:株式會社+ͥ»", "a"),
    ],
)
def test_a_key_holds_no_form(text: str, key: str) -> None:
    """A name with two forms loses both, else the key of its key would be another one."""
    assert key == organization_key(text)
    assert key == organization_key(key)

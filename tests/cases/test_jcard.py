"""The jCard of the author of RFC 6350.

Source: RFC 7095, appendix B.2.
"""

from __future__ import annotations

from datetime import UTC, datetime

from relex.parties import PersonName, Preferences, from_jcard

WORK = {"type": "work"}
CARD = [
    "vcard",
    [
        ["version", {}, "text", "4.0"],
        ["fn", {}, "text", "Simon Perreault"],
        ["n", {}, "text", ["Perreault", "Simon", "", "", ["ing. jr", "M.Sc."]]],
        ["bday", {}, "date-and-or-time", "--0203"],
        ["anniversary", {}, "date-and-or-time", "2009-08-08T14:30:00-05:00"],
        ["gender", {}, "text", "M"],
        ["lang", {"pref": "1"}, "language-tag", "fr"],
        ["lang", {"pref": "2"}, "language-tag", "en"],
        ["org", WORK, "text", "Viagenie"],
        ["adr", WORK, "text", ["", "Suite D2-630", "2875 Laurier", "Quebec", "QC", "G1V 2M2", "Canada"]],
        ["tel", {"type": ["work", "voice"], "pref": "1"}, "uri", "tel:+1-418-656-9254;ext=102"],
        ["tel", {"type": ["work", "cell", "voice", "video", "text"]}, "uri", "tel:+1-418-262-6501"],
        ["email", WORK, "text", "simon.perreault@viagenie.ca"],
        ["geo", WORK, "uri", "geo:46.772673,-71.282945"],
        ["key", WORK, "uri", "http://www.viagenie.ca/simon.perreault/simon.asc"],
        ["tz", {}, "utc-offset", "-05:00"],
        ["url", {"type": "home"}, "uri", "http://nomis80.org"],
    ],
]


def test_the_card_of_the_author_of_rfc_6350() -> None:
    found, unused = from_jcard(CARD, source="book", at=datetime(2026, 5, 1, tzinfo=UTC), key="simon")
    phones = [(point.key, point.extension, point.primary) for point in found.points if point.kind == "phone"]

    assert found.name == PersonName("Simon Perreault", given="Simon", family="Perreault", suffix="ing. jr, M.Sc.")
    assert found.preferences == Preferences(languages=["fr", "en"])
    assert phones == [("+14186569254", "102", True), ("+14182626501", None, False)]
    assert found.born == "--02-03"
    assert dict(found.values) == {"organization": "Viagenie"}
    assert found.fields()["street"] == "2875 Laurier, Suite D2-630"
    assert unused == ("anniversary", "gender", "geo", "key", "tz", "url")

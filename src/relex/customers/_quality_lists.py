"""The lists and numbers that a quality policy starts from.

Sources: numbers set aside for drama, NANPA (555-0100 to 555-0199), Ofcom (telephone numbers for use in TV and radio
drama) and ACMA (numbers for use in radio and television); names of hosts that are reserved, RFC 2606 and RFC 6761.
A half-life follows from a yearly loss, see `half_life`: 20 % for titles, 17.5 % for e-mail, 10 % for direct phones, and
2.1 % a month for all else.
"""

from __future__ import annotations

__all__ = [
    "AGELESS",
    "DIGIT_RUNS",
    "DISPOSABLE_DOMAINS",
    "FAKE_NAMES",
    "FICTIONAL_NUMBERS",
    "HALF_LIFE",
    "HALF_LIVES",
    "KEYBOARD_ROWS",
    "KNOWN_DOMAINS",
    "LONGEST",
    "PLACEHOLDERS",
    "POINTS",
    "RELAY_DOMAINS",
    "REQUIRED",
    "RESERVED_DOMAINS",
    "ROLE_NAMES",
    "SAMPLE_NAMES",
]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FAKE_NAMES = _words(
    "mickeymouse minniemouse donaldduck bugsbunny homersimpson bartsimpson harrypotter jamesbond santaclaus batman "
    "superman darthvader testuser usertest testtest foobar firstnamelastname"
)
SAMPLE_NAMES = _words(
    "johndoe janedoe johnqpublic joebloggs maxmustermann erikamustermann 山田太郎 山田花子 张三 李四 홍길동"
)
PLACEHOLDERS = (
    *_words("n/a na none null nil undefined unknown noname tbd tba - -- --- . .. x xx xxx ? ?? test tests testing"),
    *_words("dummy sample example asdf 不明 なし 無し 未定 テスト ダミー 無 无 未知 测试 測試 없음"),
    "not known",
    "no name",
)
LONGEST = 2000
"""How much of a text is looked at: more than any name, and little enough for the slowest script."""
KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
RESERVED_DOMAINS = ("test", "invalid", "localhost", "example", "example.com", "example.net", "example.org")
DISPOSABLE_DOMAINS = ("mailinator.com", "guerrillamail.com", "yopmail.com", "10minutemail.com", "temp-mail.org")
RELAY_DOMAINS = ("duck.com", "privaterelay.appleid.com", "mozmail.com")
KNOWN_DOMAINS = _words(
    "gmail.com googlemail.com yahoo.com ymail.com hotmail.com outlook.com live.com msn.com icloud.com me.com aol.com "
    "mail.com email.com gmx.de gmx.net web.de orange.fr free.fr libero.it yahoo.co.jp docomo.ne.jp ezweb.ne.jp "
    "softbank.ne.jp qq.com 163.com naver.com proton.me protonmail.com "
    # as real as those, and within two letters of one of them
    "yahoo.co.uk yahoo.co.in yahoo.co.id yahoo.co.nz yahoo.co.th yahoo.co.za hotmail.ca hotmail.ch hotmail.cl "
    "outlook.cl outlook.cz protonmail.ch"
)
ROLE_NAMES = _words(
    "info sales support contact admin office hello help service billing accounts marketing webmaster postmaster "
    "noreply no-reply abuse hr jobs team mail enquiries reservations"
)
FICTIONAL_NUMBERS = (
    "+1N??55501??",
    *[f"+44{area}4960???" for area in _words("113 114 115 116 117 118 121 131 141 151 161")],
    *_words("+442079460??? +441914980??? +442890180??? +442920180??? +441632960??? +447700900???"),
    *_words("+448081570??? +449098790??? +443069990???"),
    *[f"+61{area}{exchange}????" for area in "2378" for exchange in ("5550", "7010")],
    *[f"+61491570{last}" for last in _words("006 110 156 157 158 159")],
)
DIGIT_RUNS = ("1234567890", "123456789", "12345678", "0123456789", "9876543210")
HALF_LIVES = (("email", 1316), ("job_title", 1135), ("phone", 2403), ("title", 1135))
HALF_LIFE = 994
AGELESS = ("born",)
REQUIRED = (("address", 2), ("email", 3), ("name", 3), ("phone", 2))
POINTS = (
    ("fake-name", -50),
    ("sample-name", -30),
    ("url-in-name", -30),
    ("repeated-characters", -20),
    ("keyboard-run", -20),
    ("digit-in-name", -10),
    ("same-given-family", -10),
    ("not-an-email", -30),
    ("reserved-domain", -30),
    ("disposable-domain", -30),
    ("typo-domain", -15),
    ("role-address", -5),
    ("fictional-number", -30),
    ("repeated-digits", -30),
    ("sequential-digits", -30),
    ("too-short", -15),
    ("two-in-one", -5),
    ("email-in-place", -10),
    ("digits-in-place", -10),
)

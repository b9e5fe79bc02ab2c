"""Maps that are never changed: putting and dropping give others, which agree with a dict."""

from __future__ import annotations

import pickle

from relex._persistent import PersistentMap


def test_putting_and_dropping_agree_with_a_dict() -> None:
    kept: PersistentMap[int, int] = PersistentMap()
    plain: dict[int, int] = {}
    for number in range(3_000):
        kept, plain[number * 7] = kept.put(number * 7, number), number
        if number % 3 == 0:
            kept = kept.drop(number * 7)
            del plain[number * 7]

    assert dict(kept.items()) == plain
    assert [kept.get(number) for number in range(300)] == [plain.get(number) for number in range(300)]


def test_the_map_before_stays_as_it_was() -> None:
    before = PersistentMap.of((number, str(number)) for number in range(100))
    after = before.put(5, "five").drop(6)

    assert (before.get(5), before.get(6)) == ("5", "6")
    assert (after.get(5), after.get(6)) == ("five", None)


def test_keys_of_one_hash_stay_together() -> None:
    same = [number * ((1 << 61) - 1) for number in range(40)]
    found = PersistentMap.of((key, number) for number, key in enumerate(same))

    assert len({hash(key) for key in same}) == 1
    assert [found.get(key) for key in same] == list(range(40))
    assert len(list(found.drop(same[0]).items())) == 39


def test_it_can_be_sent_elsewhere() -> None:
    sent = PersistentMap.of([(None, 1), ("a", 2)])

    assert sorted(pickle.loads(pickle.dumps(sent)).items(), key=str) == sorted(sent.items(), key=str)  # noqa: S301 - our own

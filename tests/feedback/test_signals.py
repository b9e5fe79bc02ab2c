"""Signals: which responses must be acted on, once each, with what a follow-up needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from relex.errors import Conflict, InvalidValue
from relex.feedback import Answer, LoopRule, Metric, Response, Signal, signals
from relex.rules import TRUE, FactSchema, field

MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NPS = Metric.nps()
READ: dict[str, Any] = {"metric": NPS, "question": "q1"}
DETRACTOR = LoopRule("detractor", field("band") == "detractor")
ANY = LoopRule("any", TRUE)


def said(submission: str, score: Any = 3, *more: Answer, at: datetime = MONDAY, **known: Any) -> Response:
    """One response with a score."""
    return Response(submission=submission, survey="nps", at=at, answers=(Answer("q1", score), *more), **known)


def ids(found: tuple[Signal, ...]) -> list[str]:
    """What they are called."""
    return [signal.id for signal in found]


class TestWhich:
    """Which responses give a signal."""

    def test_those_of_which_the_rule_is_true(self) -> None:
        """A score that is missing is unknown, and unknown is not True."""
        given = [said("s1", 6), said("s2", 7), said("s3", None)]

        assert ids(signals(given, [DETRACTOR], **READ)) == ["detractor:s1"]

    def test_praise_too(self) -> None:
        """A loop can also be closed after praise, or with a passive."""
        rules = [LoopRule("thank", field("score") >= 9), LoopRule("win", field("band") == "passive")]

        assert ids(signals([said("s1", 10), said("s2", 7)], rules, **READ)) == ["thank:s1", "win:s2"]

    def test_several_rules_for_one_response(self) -> None:
        """One signal for each rule, in the order of the rules."""
        assert ids(signals([said("s1")], [ANY, DETRACTOR], **READ)) == ["any:s1", "detractor:s1"]

    def test_the_oldest_first_whatever_the_order(self) -> None:
        """By the instant of the response."""
        given = [said("s1", at=MONDAY + HOUR), said("s2")]

        assert ids(signals(given, [ANY])) == ids(signals(given[::-1], [ANY])) == ["any:s2", "any:s1"]

    def test_never_what_is_excluded(self) -> None:
        """Also where a later revision is."""
        given = [said("s1", excluded="test"), said("s2"), said("s2", excluded="test", revision=2)]

        assert signals(given, [ANY]) == ()

    def test_only_the_latest_revision(self) -> None:
        """A score that was corrected is not acted on."""
        assert signals([said("s1", 3), said("s1", 9, revision=2)], [DETRACTOR], **READ) == ()

    def test_from_active_from_on(self) -> None:
        """The instant itself is inside."""
        rule = attrs.evolve(ANY, active_from=MONDAY)

        assert ids(signals([said("s1", at=MONDAY - HOUR), said("s2")], [rule])) == ["any:s2"]

    def test_two_contents_of_one_revision(self) -> None:
        """Nothing decides which is right."""
        with pytest.raises(Conflict):
            signals([said("s1", 3), said("s1", 4)], [ANY])


class TestOnce:
    """No second signal for what had one."""

    def test_a_repeat(self) -> None:
        """By signals or by ids."""
        given = [said("s1"), said("s2")]
        first = signals(given, [ANY])

        assert signals(given, [ANY], first) == signals(given, [ANY], ids(first)) == ()
        assert ids(signals([*given, said("s3")], [ANY], first)) == ["any:s3"]

    def test_a_later_revision(self) -> None:
        """The submission is the same."""
        first = signals([said("s1", 3)], [ANY])

        assert signals([said("s1", 2, revision=2)], [ANY], first) == ()

    def test_a_later_version_of_the_rule(self) -> None:
        """The name is the same."""
        first = signals([said("s1")], [ANY])

        assert signals([said("s1")], [attrs.evolve(ANY, version=2, priority="high")], first) == ()

    def test_sources_tell_submissions_apart(self) -> None:
        """And what has colons in it is not mixed up."""
        given = [said("a:b"), said("b", source="a"), said("b")]

        assert sorted(ids(signals(given, [ANY]))) == ["any:a%3Ab", "any:a:b", "any:b"]

    def test_once_per_contact(self) -> None:
        """The oldest response of a contact; who is anonymous counts by submission."""
        rule = attrs.evolve(ANY, once_per="contact")
        given = [said("s3"), said("s2", contact="ann", at=MONDAY + HOUR), said("s1", contact="ann"), said("s4")]
        found = signals(given, [rule])

        assert [(each.id, each.response) for each in found] == [
            ("any::ann", "s1:1"),
            ("any:s3", "s3:1"),
            ("any:s4", "s4:1"),
        ]
        assert signals([said("s9", contact="ann", at=MONDAY + 99 * HOUR)], [rule], found) == ()

    def test_what_was_seen_is_not_judged_again(self) -> None:
        """Not even for a score that would be refused."""
        assert signals([said("s1", 99)], [ANY], ["any:s1"], **READ) == ()

    def test_what_was_seen_are_signals_or_ids(self) -> None:
        """Anything else is refused, and a lone text too."""
        with pytest.raises(InvalidValue, match=r"signals.seen\[1\]"):
            signals([], [ANY], ["s1", 7])  # type: ignore[list-item]  # what is tested
        with pytest.raises(InvalidValue, match=r"signals.seen"):
            signals([], [ANY], "any:s1")


class TestFacts:
    """What rules may ask."""

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (Answer("q2", "too late"), True),
            (Answer("q2", "  "), False),
            (Answer("q2"), False),
            (Answer("q2", "kept", status="not_shown"), False),
            (Answer("q9", "elsewhere"), False),
        ],
        ids=["words", "blanks", "empty", "hidden", "not asked"],
    )
    def test_comment_present(self, given: Answer, expected: bool) -> None:
        """Whether there are words that count."""
        rule = LoopRule("silent", field("comment.present") == expected)

        assert ids(signals([said("s1", 3, given)], [rule], comment="q2")) == ["silent:s1"]

    def test_follow_up_requested(self) -> None:
        """Yes, no, or unknown."""
        given = [said(f"s{place}", 3, Answer("q3", wish)) for place, wish in enumerate((True, False, None))]
        rules = [
            LoopRule("yes", field("follow_up.requested") == True),  # noqa: E712 - the notation of rules
            LoopRule("no", field("follow_up.requested") == False),  # noqa: E712 - as above
            LoopRule("unknown", field("follow_up.requested").is_missing()),
        ]

        assert ids(signals(given, rules, follow_up="q3")) == ["yes:s0", "no:s1", "unknown:s2"]

    def test_a_wish_is_yes_or_no(self) -> None:
        """A word is no wish."""
        with pytest.raises(InvalidValue, match=r"s1:1.q3: expected True or False, got 'yes'"):
            signals([said("s1", 3, Answer("q3", "yes"))], [ANY], follow_up="q3")

    def test_reason_is_one_code_or_several(self) -> None:
        """As the question was answered."""
        given = [said("s1", 3, Answer("q4", "price")), said("s2", 3, Answer("q4", ("price", "late")))]
        rule = LoopRule("price", (field("reason") == "price") | field("reason").contains("price"))

        assert ids(signals(given, [rule], reason="q4")) == ["price:s1", "price:s2"]

    def test_a_score_that_was_hidden_does_not_count(self) -> None:
        """It is kept with the response, and is no score."""
        given = Response(submission="s1", survey="nps", at=MONDAY, answers=(Answer("q1", 3, status="not_shown"),))
        rule = LoopRule("none", field("score").is_missing() & field("band").is_missing())

        assert [signal.score for signal in signals([given], [rule], **READ)] == [None]

    @pytest.mark.parametrize("score", [11, Decimal(3), True, "3"], ids=repr)
    def test_a_score_off_the_scale(self, score: Any) -> None:
        """It is refused with its place."""
        with pytest.raises(InvalidValue, match=r"s1:1.q1: expected"):
            signals([said("s1", score)], [ANY], **READ)

    def test_facts_of_accounts_and_contacts(self) -> None:
        """Where both say the same, the contact is right."""
        given = [said("s1", account="acme"), said("s2", account="acme", contact="ann"), said("s3", contact="bob")]
        facts = {"acme": {"account.segment": "key", "contact.role": "any"}, "ann": {"contact.role": "buyer"}}
        rules = [
            LoopRule("key", field("account.segment") == "key"),
            LoopRule("buyer", field("contact.role") == "buyer"),
        ]

        assert ids(signals(given, rules, facts=facts)) == ["key:s1", "key:s2", "buyer:s2"]

    def test_given_names_shadow_nothing(self) -> None:
        """Each begins with account. or contact."""
        with pytest.raises(InvalidValue, match=r"signals.facts\[acme\]: expected a name that begins with"):
            signals([], [], facts={"acme": {"score": 3}})
        with pytest.raises(InvalidValue, match=r"signals.facts\[acme\]: expected a mapping"):
            signals([], [], facts={"acme": 3})  # type: ignore[dict-item]  # what is tested
        with pytest.raises(InvalidValue, match=r"signals.facts: expected a mapping"):
            signals([], [], facts=3)  # type: ignore[arg-type]  # what is tested

    @pytest.mark.parametrize("name", ["score", "band", "comment.present", "follow_up.requested", "reason"])
    def test_a_rule_that_nobody_could_answer(self, name: str) -> None:
        """No question was named for what it asks, so that it would be silent for ever."""
        rule = LoopRule("r", ~field(name).is_missing())

        with pytest.raises(InvalidValue, match=rf"signals.rules\[0\]: expected no rule about {name}"):
            signals([], [rule])

    def test_a_band_of_a_metric_without_bands(self) -> None:
        """There is none either."""
        with pytest.raises(InvalidValue, match="no rule about band"):
            signals([], [DETRACTOR], metric=Metric.rating(5), question="q1")


class TestArguments:
    """What is refused."""

    @pytest.mark.parametrize("more", [{"metric": NPS}, {"question": "q1"}], ids=["metric", "question"])
    def test_a_metric_has_its_question(self, more: dict[str, Any]) -> None:
        """Both or neither."""
        with pytest.raises(InvalidValue, match=r"signals.question: expected a question together with its metric"):
            signals([], [], **more)

    def test_two_rules_of_one_name(self) -> None:
        """Also in two versions."""
        with pytest.raises(InvalidValue, match=r"signals.rules: expected a tuple without two equal names"):
            signals([], [ANY, attrs.evolve(ANY, version=2)])

    def test_wrong_types(self) -> None:
        """Each is named."""
        with pytest.raises(InvalidValue, match=r"signals.rules"):
            signals([], [TRUE])  # type: ignore[list-item]  # what is tested
        with pytest.raises(InvalidValue, match=r"signals.metric"):
            signals([], [], metric="nps", question="q1")  # type: ignore[arg-type]  # what is tested
        with pytest.raises(InvalidValue, match=r"signals.comment"):
            signals([], [], comment="")


class TestSignal:
    """What a follow-up needs."""

    rule = LoopRule("detractor", field("band") == "detractor", priority="high", target=48 * HOUR, version=3)

    def test_everything_a_case_needs(self) -> None:
        """Plain values."""
        given = said("s1", 3, account="acme", contact="ann", about="p17", touchpoint="delivery")
        (found,) = signals([given], [self.rule], **READ)

        assert found == Signal(
            id="detractor:s1",
            rule="detractor",
            rule_version=3,
            response="s1:1",
            survey="nps",
            at=MONDAY,
            account="acme",
            contact="ann",
            priority="high",
            due=MONDAY + 48 * HOUR,
            score=3,
            band="detractor",
            about="p17",
            touchpoint="delivery",
        )
        assert (found.source, found.customer) == ("detractor:s1", "acme")

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({}, "low"),
            ({"score": 0}, "low: 0"),
            ({"score": 3, "band": "detractor"}, "low: 3 (detractor)"),
            ({"score": 3, "band": "low"}, "low: 3"),
        ],
        ids=["no score", "no band", "band", "the same word"],
    )
    def test_subject(self, more: dict[str, Any], expected: str) -> None:
        """The rule, and the score with its band."""
        assert Signal(id="x", rule="low", response="s1:1", survey="nps", at=MONDAY, **more).subject == expected

    def test_it_reads_itself_out(self) -> None:
        """Who said it, and by when somebody should act."""
        plain = Signal(id="low:s1", rule="low", response="s1:1", survey="nps", at=MONDAY)
        full = attrs.evolve(plain, account="acme", due=MONDAY)

        assert str(plain) == "low:s1: low by somebody"
        assert str(full) == "low:s1: low by acme, due 2026-05-04T09:00:00+00:00"

    def test_facts_are_plain(self) -> None:
        """Rules about signals can be asked, for instance who gets the follow-up."""
        (found,) = signals([said("s1", contact="ann")], [self.rule], **READ)
        facts = found.facts()

        assert (facts["customer"], facts["score"], facts["signal.priority"]) == ("ann", 3, "high")
        FactSchema(dict.fromkeys(facts, str)).check(field("signal.rule") == "detractor")

"""Whole answers compared: each difference counts once per answer, and only words may differ."""

from __future__ import annotations

from bench.compare_answers import CHOICE, ORDER, Comparison, differences, is_text


def test_equal_answers_have_no_differences_whatever_their_id_and_policy_hash() -> None:
    assert not list(differences({"id": 1, "beleid": "a", "b": [1]}, {"id": 2, "beleid": "b", "b": [1]}))


def test_a_difference_names_its_path_without_numbers() -> None:
    left = {"adviezen": [{"oordeel": "a", "stappen": [{"status": "open"}, {"status": "open"}]}]}
    right = {"adviezen": [{"oordeel": "b", "stappen": [{"status": "open"}, {"status": "voldaan"}]}]}

    assert list(differences(left, right)) == [
        (".adviezen.oordeel", "a", "b"),
        (".adviezen.stappen.status", "open", "voldaan"),
    ]


def test_another_set_of_missing_facts_is_a_choice_only_while_it_is_as_small() -> None:
    def kinds(one: list[str], other: list[str]) -> list[str]:
        return [kind for kind, _, _ in differences({"ontbrekend": one}, {"ontbrekend": other})]

    assert kinds(["a"], ["b"]) == [CHOICE]
    assert kinds(["a"], ["b", "c"]) == [".ontbrekend"]


def test_only_words_may_differ() -> None:
    words = Comparison(1)
    words.add("{}", {"stappen": [{"toelichting": "a"}]}, {"stappen": [{"toelichting": "b"}]})
    words.add("{}", {"afleiding": {"status": "open"}}, {"afleiding": {"status": "voldaan"}})
    assert words.decided_alike
    assert words.answers == 2
    assert words.same == 0

    decided = Comparison(1)
    decided.add("{}", {"geldig_tot": None}, {"geldig_tot": "2026-07-11"})
    assert not decided.decided_alike
    assert next(line for line in decided.report() if "geldig_tot" in line).startswith("DECIDED")


def test_another_order_is_a_kind_of_its_own_which_decides_nothing() -> None:
    (found,) = differences({"bronnen": [{"a": 1}, {"a": 2}]}, {"bronnen": [{"a": 2}, {"a": 1}]})

    assert found[0] == f".bronnen{ORDER}"
    assert is_text(found[0])


def test_a_proof_is_compared_as_a_whole() -> None:
    left = {"afleiding": {"bewijs": [{"premissen": [{"feit": "a"}, {"feit": "b"}]}], "waarom_niet": []}}
    right = {"afleiding": {"bewijs": [{"premissen": [{"feit": "c"}]}], "waarom_niet": []}}

    assert [path for path, _, _ in differences(left, right)] == [".afleiding.bewijs"]


def test_a_field_that_is_left_out_counts_as_a_difference() -> None:
    assert [path for path, _, _ in differences({"a": 1}, {})] == [".a"]
    assert not is_text(".a")

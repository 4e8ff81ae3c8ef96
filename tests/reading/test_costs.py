from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.reading.costs import cost_in_text, read_cost, stipend_in_text


@pytest.mark.parametrize(
    ("words", "price", "currency", "kind", "minimum", "maximum", "code"),
    [
        (["Free"], "", "", "free", None, None, ""),
        (["Need to pay"], "", "", "paid", None, None, ""),
        (["€20–35"], "", "", "paid", "20", "35", "EUR"),
        (["from USD 1,200"], "", "", "paid", "1200", "1200", "USD"),
        ([], "0", "GBP", "free", None, None, ""),
        ([], "12.50", "gbp", "paid", "12.50", "12.50", "GBP"),
        ([], "a lot", "EUR", "unknown", None, None, ""),
        (["$0"], "", "", "free", None, None, ""),
        (["Not free"], "", "", "unknown", None, None, ""),
        (["$10 (free for members)"], "", "", "paid", "10", "10", "USD"),
        (["R$ 50"], "", "", "paid", "50", "50", "BRL"),
        (["€1,000,000,000"], "", "", "unknown", None, None, ""),
    ],
)
def test_a_cost_field_is_read(
    words: list[str], price: str, currency: str, kind: str, minimum: str | None, maximum: str | None, code: str
) -> None:
    cost = read_cost(words, price, currency).value
    assert (cost.kind, cost.currency) == (kind, code)
    assert (cost.minimum, cost.maximum) == (minimum and Decimal(minimum), maximum and Decimal(maximum))


@pytest.mark.parametrize(
    ("text", "kind", "amount"),
    [
        ("A free, public workshop", "free", None),
        ("completely free AI safety meetup", "free", None),
        ("Admission is free. Pizza provided.", "free", None),
        ("Der Eintritt ist kostenlos", "free", None),
        ("Tickets: €20–35", "paid", "20"),
        ("Registration fee $150 for students", "paid", "150"),
        ("cost: 1.200,00 €", "paid", "1200.00"),
        ("Conference ticket $1.5k", "paid", "1500"),
        ("Free Software & AI Safety Meetup", "unknown", None),
        ("free pizza for all", "unknown", None),
        ("feel free to join", "unknown", None),
        ("$10,000 in prizes", "unknown", None),
        ("Stipend of $8,400/month", "unknown", None),
        ("The fee could cost $1 trillion", "unknown", None),
        ("Free tickets for students; general admission $25", "paid", "25"),
        ("Register for free on our page", "free", None),
    ],
)
def test_running_text_says_what_attending_costs(text: str, kind: str, amount: str | None) -> None:
    cost = cost_in_text(text).value
    assert (cost.kind, cost.minimum) == (kind, amount and Decimal(amount))


def test_a_piece_of_a_sentence_is_the_reason_and_not_the_price() -> None:
    reading = cost_in_text("Admission is free. Pizza provided.")
    assert (reading.text, reading.value.text) == ("Admission is free", "")


def test_a_prize_with_an_amount_is_money_to_win() -> None:
    assert cost_in_text("$10,000 in prizes").value.cash_prize
    assert not cost_in_text("a prize for the best talk").value.cash_prize


@pytest.mark.parametrize(
    ("text", "stipend"),
    [
        ("Stipend / Compensation: $8,400/month", "stipend"),
        ("fully funded, in-person program", "stipend"),
        ("No stipend", "none"),
        ("travel and accommodation are covered", "expenses"),
        ("a weekend of talks", "unknown"),
    ],
)
def test_what_participants_are_paid_is_read(text: str, stipend: str) -> None:
    assert stipend_in_text(text).value == stipend

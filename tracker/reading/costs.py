"""Parses costs and stipends: what attending costs, and what participants are paid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import cache

from tracker.models.cost import Cost
from tracker.models.vocabulary import CostKind, Stipend
from tracker.reading.certainty import Certainty, Reading
from tracker.reading.lookups import load
from tracker.reading.word_patterns import WordPattern, alternation

_LONGEST = 4_000
_REACH = 40
_SYMBOLS = {
    "R$": "BRL",
    "S$": "SGD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "RS": "INR",
    "RS.": "INR",
    "KR": "SEK",
    "円": "JPY",
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "A$": "AUD",
    "C$": "CAD",
    "CHF": "CHF",
}
_CODES = "USD|EUR|GBP|CHF|JPY|INR|AUD|CAD|SEK|NOK|DKK|CZK|PLN|SGD|BRL|ZAR|MXN|euros?|dollars?|pounds?"
_FOR_SOME = re.compile(
    r"\s*(?:tickets?\s*)?(?:for (?!all|every|anyone|the public)|to (?:students|members))", re.IGNORECASE
)
_BARE_PRICE = re.compile(r"[\s€$£]|,-+$|\.-+$|^(?:EUR|USD|GBP|CHF)|(?:EUR|USD|GBP|CHF)$", re.IGNORECASE)
"""What may stand beside the number in a price field."""
_SUM_OF_MONEY = re.compile(r"\s?(?:trillion|billion|million|tn\b|bn\b)", re.IGNORECASE)
_NAMES = {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pound": "GBP", "pounds": "GBP"}
_NUMBER = r"\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d{1,2}(?!\d))?|\d{1,7}(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?P<before>US\$|NZ\$|HK\$|[ACRS]\$|[$€£¥₹]|CHF|Rs\.?(?=\s?\d)|kr(?=\s?\d)|(?:{_CODES})(?=\s?\d))\s?(?P<one>{_NUMBER})(?P<k>k\b)?"
    rf"(?:\s?(?:[-–—]|to)\s?(?:US\$|[$€£¥₹]|CHF|(?:{_CODES}))?\s?(?P<other>{_NUMBER})(?P<k2>k\b)?)?"
    rf"|(?P<three>{_NUMBER})(?:\s?(?:[-–—]|to)\s?(?P<four>{_NUMBER}))?\s?(?P<after>[€£$円]|kr\b|(?:{_CODES})\b)",
    re.IGNORECASE,
)


@cache
def _words(field: str, name: str) -> WordPattern:
    words = alternation(load("money")[field][name])
    return WordPattern(rf"(?<!\w)(?=\w)(?<!gluten-)(?<!risk-)(?<!feel )(?:{words})(?!\w)")


def read_cost(words: Iterable[str], price: str, currency: str) -> Reading[Cost]:
    """Return the cost stated by the words of a cost field or by the price.

    >>> cost = read_cost(["Free (cash prize available)"], "", "").value
    >>> cost.kind.value, cost.cash_prize
    ('free', True)
    """
    said = [word.strip() for word in words if word.strip()]
    amount = _price(_BARE_PRICE.sub("", price).replace(",", "."))
    if amount is None and price.strip():  # "Free", "ab 20", "20–30 €"
        has_currency = _AMOUNT.search(price) is not None
        said.append(price.strip() if has_currency or not currency else f"{price.strip()} {currency.strip().upper()}")
    text = "; ".join(said)[:_LONGEST]
    amounts = None if amount is not None or _words("cost", "prize").search(text) else _amounts(text)
    # In a cost field, any mention counts: "Free", "Need to pay", "€20"; "$10 (free for members)" is not free.
    is_free = _is_free(text) and not (amounts and amounts[1])
    kind = CostKind.UNKNOWN
    if amount is not None:
        kind = CostKind.FREE if amount == 0 else CostKind.PAID
    elif is_free:
        kind = CostKind.FREE
    elif amounts is not None or _words("cost", "paid").search(text):
        kind = CostKind.FREE if amounts is not None and amounts[1] == 0 else CostKind.PAID
    code = currency.strip().upper()
    low, high, read_code = amounts if amounts is not None and kind is CostKind.PAID else (amount, amount, code)
    cost = Cost(
        kind=kind,
        assistance=bool(_words("cost", "assistance").search(text)),
        cash_prize="cash prize" in text.lower() or _has_prize(text),
        minimum=low or None,
        maximum=high or None,
        currency=read_code if re.fullmatch(r"[A-Z]{3}", read_code) and high else "",
        text=text,
    )
    return Reading(cost, Certainty.SURE if said or amount is not None else Certainty.NONE, cost.text)


def cost_in_text(text: str) -> Reading[Cost]:
    """Return the cost that running text states. "Free software" and "free pizza" are not statements of cost.

    >>> cost_in_text("Tickets: €20–35, scholarships available").value.currency
    'EUR'
    """
    text = text[:_LONGEST]
    free = _words("cost", "free").search(text) if _is_free(text) or "free" not in text.lower() else None
    prize = _words("cost", "prize").search(text)
    paid = next((found for match in _words("cost", "paid").finditer(text) if (found := _beside(text, match))), None)
    assistance = bool(_words("cost", "assistance").search(text))
    if free is None and paid is None:
        return Reading(Cost(cash_prize=_has_prize(text)), Certainty.NONE)
    is_conditional = free is not None and _FOR_SOME.match(text, free.end()) is not None
    if free is not None and (paid is None or (free.start() < text.find(paid[3]) and not is_conditional)):
        # The words are a fragment of a sentence ("is free"): they are kept as evidence, not shown as the price.
        cost = Cost(kind=CostKind.FREE, assistance=assistance, cash_prize=prize is not None)
        return Reading(cost, Certainty.LIKELY, text[free.start() : free.end()])
    assert paid is not None
    low, high, code, words = paid
    cost = Cost(kind=CostKind.PAID, assistance=assistance, minimum=low, maximum=high, currency=code, text=words)
    return Reading(cost, Certainty.LIKELY, words)


def stipend_in_text(text: str) -> Reading[Stipend]:
    """Return the money paid to participants that running text states.

    >>> stipend_in_text("Stipend / Compensation: $8,400/month").value.value
    'stipend'
    """
    text = text[:_LONGEST]
    for name, meaning in (("none", Stipend.NONE), ("stipend", Stipend.STIPEND), ("expenses", Stipend.EXPENSES)):
        match = _words("stipend", name).search(text)
        if match:
            return Reading(meaning, Certainty.LIKELY, text[match.start() : match.end()])
    return Reading(Stipend.UNKNOWN)


def _has_prize(text: str) -> bool:
    """Return whether there is a cash prize: a word for a prize with an amount near it."""
    prize = _words("cost", "prize").search(text)
    around = text[max(0, prize.start() - _REACH) : prize.end() + _REACH] if prize else ""
    return _amounts(around) is not None


def _is_free(text: str) -> bool:
    if re.search(r"\b(?:not|n['’]t|never) (?:\w+ )?free\b", text, re.IGNORECASE):
        return False
    return bool(re.search(r"\bfree\b", text, re.IGNORECASE)) or bool(_words("cost", "free").search(text))


def _beside(text: str, match: re.Match[str]) -> tuple[Decimal, Decimal, str, str] | None:
    """Return (lowest, highest, currency, words) of the amount right after a word such as "tickets" or "fee"."""
    piece = text[match.start() : match.end() + _REACH]
    amounts = _amounts(piece)
    if (
        amounts is None
        or amounts[1] == 0
        or _words("cost", "prize").search(piece)
        or _words("stipend", "stipend").search(piece)
    ):
        return None
    found = _AMOUNT.search(piece)
    if found is None or _SUM_OF_MONEY.match(piece, found.end()):
        return None
    return (*amounts, found[0])


def _amounts(text: str) -> tuple[Decimal, Decimal, str] | None:
    """Return (lowest, highest, currency) of the first amount of money in ``text``."""
    match = _AMOUNT.search(text)
    if match is None:
        return None
    low = _number(match["one"] or match["three"], thousands=bool(match["k"]))
    high = _number(match["other"] or match["four"], thousands=bool(match["k2"]))
    if low is None:
        return None
    word = (match["before"] or match["after"]).strip()
    code = _SYMBOLS.get(word) or _SYMBOLS.get(word.upper()) or _NAMES.get(word.lower()) or word.upper()
    return min(low, high or low), max(low, high or low), code


def _number(text: str | None, *, thousands: bool) -> Decimal | None:
    if text is None:
        return None
    plain = re.sub(r"[,.' ](?=\d{3}(?!\d))", "", text).replace(",", ".")
    amount = _price(plain)
    return amount * 1000 if amount is not None and thousands else amount


def _price(price: str) -> Decimal | None:
    try:
        amount = Decimal(price.strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < Decimal(10) ** 7 else None

"""What our Splink compares, in DuckDB's SQL on the columns of ``splink_table``; the most alike level comes first."""

from __future__ import annotations

from typing import Any

Comparison = dict[str, Any]


def comparisons(*, by_frequency: bool) -> list[Comparison]:
    """Return all of them. ``by_frequency``: titles, organisers, cities and links that agree count more if rare."""
    found = [_title(), _number(), _time(), _end(), _place(), _organizer(), _link(), _about(), _deadline()]
    for comparison in () if by_frequency else found:
        for level in comparison["comparison_levels"]:
            for name in ("tf_adjustment_column", "tf_adjustment_weight", "disable_tf_exact_match_detection"):
                level.pop(name, None)
    return found


def _comparison(name: str, missing: str | None, *levels: str, frequency: tuple[str, int] | None = None) -> Comparison:
    """``frequency``: a column, and the number of the level that is weighed by the rarity of that column's value."""
    described: list[dict[str, Any]] = []
    if missing is not None:
        described.append({"sql_condition": missing, "label_for_charts": "null", "is_null_level": True})
    for number, level in enumerate(levels):
        described.append({"sql_condition": level, "label_for_charts": f"{name} {number}"})
        if frequency and number == frequency[1]:
            described[-1] |= {
                "tf_adjustment_column": frequency[0],
                "tf_adjustment_weight": 1.0,
                "disable_tf_exact_match_detection": True,
            }
    described.append({"sql_condition": "ELSE", "label_for_charts": "else"})
    return {"output_column_name": name, "comparison_levels": described}


def _missing(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


def _shared(column: str) -> str:
    return f"len(list_intersect({column}_l, {column}_r))"


def _overlap(column: str) -> str:
    """Shared items over the items of the shorter side."""
    return f"{_shared(column)} / greatest(1, least(len({column}_l), len({column}_r)))"


def _jaccard(column: str) -> str:
    shared = _shared(column)
    return f"{shared} / greatest(1, len({column}_l) + len({column}_r) - {shared})"


def _title() -> Comparison:
    """Words that stand only on one side are a prefix or a suffix; on both sides they tell two events apart.

    ``names`` holds title and summary: an acronym here that is the summary there is the same name. The first level and
    that of little likeness are what most pairs have; they stand before what takes time.
    """
    left_only = "(len(words_l) - len(list_intersect(words_l, known_r)))"
    right_only = "(len(words_r) - len(list_intersect(words_r, known_l)))"
    one_sided = "(list_has_all(known_r, words_l) or list_has_all(known_l, words_r))"
    only = f"least({left_only}, {right_only})"
    long = "least(len(words_l), len(words_r)) >= 3"
    grams = _overlap("grams")
    alike = f"(jaro_winkler_similarity(title_l, title_r) >= 0.95 or {_jaccard('grams')} >= 0.75)"
    return _comparison(
        "title",
        None,
        "not list_has_any(all_words_l, all_words_r) and not list_has_any(names_l, names_r) "
        "and jaro_winkler_similarity(title_l, title_r) < 0.8",
        "key_l = key_r",
        "list_has_any(names_l, names_r)",
        f"list_has_all(known_r, words_l) and list_has_all(known_l, words_r) and {long}",
        f"{one_sided} and {long} and greatest({left_only}, {right_only}) = 1",
        f"{one_sided} and {long} and {_overlap('words')} = 1",
        f"{one_sided} and {grams} >= 0.6",
        one_sided,
        f"{grams} < 0.4 and {_overlap('all_words')} < 0.6",
        f"{alike} and {only} = 1",
        alike,
        f"{grams} >= 0.85 and {only} = 1",
        f"{grams} >= 0.7 and {only} = 1",
        f"{grams} >= 0.5 and {only} = 1",
        f"{grams} >= 0.6 and {only} = 2",
        f"{grams} >= 0.6",
        f"{_overlap('all_words')} >= 0.6",
        frequency=("key", 1),
    )


def _number() -> Comparison:
    return _comparison(
        "numbers",
        "len(numbers_l) = 0 and len(numbers_r) = 0",
        f"{_shared('numbers')} = greatest(len(numbers_l), len(numbers_r))",
        f"{_shared('numbers')} > 0",
        "len(numbers_l) = 0 or len(numbers_r) = 0",
    )


def _time() -> Comparison:
    return _comparison(
        "day",
        None,
        _missing("day"),
        "span_l > 0 or span_r > 0",
        "minute_l = minute_r",
        "abs(minute_l - minute_r) <= 60",
        "minute_l is not null and minute_r is not null",
        "day_l = day_r and last_day_l = last_day_r and last_day_l > day_l",
        "day_l = day_r",
        "least(last_day_l, last_day_r) >= greatest(day_l, day_r)",
    )


def _end() -> Comparison:
    return _comparison("end", _missing("end_minute"), "end_minute_l = end_minute_r")


def _place() -> Comparison:
    return _comparison(
        "city",
        None,
        "city_l = city_r",
        "country_l = country_r",
        "country_l is null and country_r is null",
        frequency=("city", 0),
    )


def _organizer() -> Comparison:
    return _comparison(
        "organizer",
        _missing("organizer"),
        "organizer_l = organizer_r",
        f"{_overlap('organizer_words')} = 1",
        f"{_shared('organizer_words')} > 0",
        frequency=("organizer", 0),
    )


def _link() -> Comparison:
    return _comparison(
        "link",
        _missing("link"),
        "link_l = link_r",
        "host_l = host_r and (coalesce(path_l, '') = '' or coalesce(path_r, '') = '' "
        "or starts_with(path_l, path_r) or starts_with(path_r, path_l))",
        "host_l = host_r",
        "path_l = path_r and len(path_l) > 6",
        frequency=("link", 0),
    )


def _about() -> Comparison:
    return _comparison(
        "about",
        _missing("about"),
        f"{_shared('about')} >= 0.8 * greatest(len(about_l), len(about_r))",
        f"{_shared('about')} >= 0.6 * least(len(about_l), len(about_r))",
        f"{_shared('about')} >= 0.3 * least(len(about_l), len(about_r))",
    )


def _deadline() -> Comparison:
    return _comparison(
        "closes",
        _missing("closes"),
        "closes_l = closes_r",
        "abs(closes_l - closes_r) <= 2",
        "abs(closes_l - closes_r) <= 31",
    )

"""What the running text of a listing tells: the names in it, and a sketch by which copies of one text are found."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from zlib import crc32

import numpy as np

from tracker.matching.titles import Title
from tracker.matching.words import WORD, fold_title, words_of
from tracker.models.listing import Listing

TELLING = 0.6
"""Minimum weight of a word that tells one name from another."""
MOST_SHINGLES, MOST_TOLD = 16, 32
_READ_OF_DESCRIPTION, _READ_OF_TEXT = 600, 400
_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 8
_SLUG = re.compile(r"/([^\W\d_]+(?:-\w+){2,})/?(?:[?#]|$)")


def told_codes(listing: Listing, title: Title) -> tuple[int, ...]:
    """Return the codes of distinctive words of address, summary and description, without those of the title."""
    text = f"{_slug(listing.url)} {listing.summary} {listing.description}"[:_READ_OF_TEXT]
    found = dict.fromkeys(chain.from_iterable(map(_telling_codes, WORD.findall(fold_title(text)))))
    return tuple([code for code in found if code not in title.codes])[:MOST_TOLD]


def _slug(url: str | None) -> str:
    """Return the words at the end of an address, often an earlier title: ``/e/an-evening-on-evals-tickets-1234``."""
    found = _SLUG.search(url) if url else None
    return found[1].replace("-", " ") if found else ""


@lru_cache(maxsize=65_536)
def _telling_codes(word: str) -> tuple[int, ...]:
    return tuple(each.code for each in words_of(word) if each.weight >= TELLING)


def shingles_of(text: str) -> tuple[int, ...]:
    """Return a MinHash sketch: the smallest hashes of three consecutive words, which equal texts share."""
    words = _WORD.findall(text[:_READ_OF_DESCRIPTION].casefold())
    if len(words) < _FEWEST_WORDS:
        return ()
    codes = np.array([crc32(word.encode()) for word in words], dtype=np.uint64)
    triples = (codes[:-2] * _FIRST + codes[1:-1] * _SECOND + codes[2:] * _THIRD) & _ALL_BITS
    return tuple(sorted(set(triples.tolist()) - {0})[:MOST_SHINGLES])


_FIRST, _SECOND, _THIRD = np.uint64(0x9E3779B1), np.uint64(0x85EBCA6B), np.uint64(0xC2B2AE35)
_ALL_BITS = np.uint64(0xFFFF_FFFF)

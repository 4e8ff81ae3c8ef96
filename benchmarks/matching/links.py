"""How sources link to one event differently."""

from __future__ import annotations

from random import Random
from urllib.parse import quote
from zlib import crc32

from benchmarks.matching.truth import CODE_LETTERS, Truth
from benchmarks.matching.words import Source, slug

_MEDIA = ("newsletter", "slack", "twitter", "calendar", "website", "discord", "linkedin")
_SHORTENERS = ("https://bit.ly/", "https://tinyurl.com/", "https://t.ly/", "https://shorturl.at/")
_ANYBODYS = (
    "https://www.lesswrong.com/",
    "https://forum.effectivealtruism.org/",
    "https://arxiv.org/abs/2212.08073",
    "https://docs.google.com/document/d/1codeOfConduct/edit",
    "https://maps.google.com/",
    "https://zoom.us/join",
)
_KINDS = ("tracked", "dressed", "same", "own", "ticket", "moved", "none", "shared")
_SHARES = (21, 32, 41, 80, 85, 90, 96, 100)


def first_link(truth: Truth, rng: Random) -> str | None:
    """Return the link of the first source: nearly always the event's own page."""
    chance = rng.random()
    if chance < 0.86:
        return truth.page
    if chance < 0.94:
        return _dressed(truth.page, rng)
    return shared_link(truth, rng) if chance < 0.97 else None


def later_link(truth: Truth, source: Source, rng: Random) -> str | None:
    """Return the link of another source, which mostly has a page of its own."""
    if rng.random() < source.patterns["own_page"] - 0.3:
        return own_link(truth, source, rng)
    kind = rng.choices(_KINDS, cum_weights=_SHARES)[0]
    if kind == "own" and source.kind == "newsletter" and rng.random() < 0.6:
        kind = "tracked"
    if kind == "tracked":
        return _tracked(truth.page, rng)
    if kind == "dressed":
        page = _dressed(truth.page, rng)
        return _tracked(page, rng) if "#" not in page and rng.random() < 0.25 else page
    if kind == "same":
        return truth.page
    if kind == "ticket":
        return _ticket_page(truth, rng)
    if kind == "moved":
        return _moved(truth.page, rng)
    if kind == "shared":
        return shared_link(truth, rng)
    return None if kind == "none" else own_link(truth, source, rng)


def own_link(truth: Truth, source: Source, rng: Random) -> str:
    """Return a page on the source's own site; for series on one page sometimes that of the whole series."""
    host = source.host
    name = slug(truth.title)
    if truth.shares_page and truth.series and rng.random() < 0.2:
        return f"https://{host}/{slug(truth.organizer.short)}-{crc32(truth.series.encode()):x}"
    # A platform has one entry per event, whoever links to it; the two forums of LessWrong share theirs.
    platform = _platform(host)
    if platform and _platform(truth.page.partition("//")[2].partition("/")[0]) == platform:
        return truth.page
    own = Random(f"{truth.page} {truth.title} {truth.day} {platform or host}")
    if source.ids == "post":
        return f"https://{host}/{_code(own, 17)}/{name}"
    if source.ids == "number":
        return _ticket_page(truth, rng) if "eventbrite" in host else f"https://{host}/{own.randrange(10**8, 10**12)}/"
    if source.ids == "slug":
        return f"https://{host}/{name}-{_code(rng, 3)}"
    return f"https://{host}/{_code(own, 8)}"


def shared_link(truth: Truth, rng: Random) -> str:
    """Return a page that the organiser's other events share: home page, list of events, calendar."""
    site = truth.organizer.site
    group = slug(truth.organizer.name)
    return rng.choice(
        (
            f"https://{site}/",
            f"https://{site}",
            f"https://www.{site}/events",
            f"https://lu.ma/{group}",
            f"https://www.meetup.com/{group}/",
            f"https://www.facebook.com/{group}",
        )
    )


def anybodys_link(truth: Truth, rng: Random) -> str:
    """Return a link found in the running text, which may be the event's page or anything else."""
    return truth.page if rng.random() < 0.4 else rng.choice((*_ANYBODYS, f"https://{truth.organizer.site}/"))


def _platform(host: str) -> str:
    names = ("luma", "lu.ma", "meetup", "eventbrite", "lesswrong", "alignmentforum", "effectivealtruism", "facebook")
    found = next((name for name in names if name in host), "")
    return {"lu.ma": "luma", "alignmentforum": "lesswrong"}.get(found, found)


def _code(rng: Random, length: int) -> str:
    return "".join(rng.choices(CODE_LETTERS, k=length))


def _ticket_page(truth: Truth, rng: Random) -> str:
    """Return the event's second page, the same for all who link to it."""
    if "eventbrite" in truth.page:
        return truth.page
    if not truth.ticket_page:
        number = rng.randrange(10**11, 10**12)
        truth.ticket_page = f"https://www.eventbrite.com/e/{slug(truth.title)}-tickets-{number}"
    return truth.ticket_page


def _tracked(page: str, rng: Random) -> str:
    medium = rng.choice(_MEDIA)
    kinds = (
        f"utm_source={medium}",
        f"utm_source={medium}&utm_medium=email&utm_campaign={_code(rng, 5)}",
        f"utm_campaign={_code(rng, 6)}&utm_content=link",
        f"fbclid=IwAR{_code(rng, 14)}",
        f"mc_cid={_code(rng, 10)}&mc_eid={_code(rng, 10)}",
        f"tk={_code(rng, 6)}",
        "aff=ebdssbdestsearch",
        f"aff={_code(rng, 5)}",
        f"ref={medium}",
        f"si={_code(rng, 11)}",
        f"igshid={_code(rng, 12)}",
        f"hsa_acc={rng.randrange(10**6)}&hsa_cam={rng.randrange(10**6)}",
        f"pk_campaign={medium}&pk_kwd={_code(rng, 4)}",
        f"_ga=2.{rng.randrange(10**8)}.{rng.randrange(10**8)}",
        f"gclid=Cj0{_code(rng, 16)}",
    )
    base, mark, fragment = page.partition("#")
    joint = "&" if "?" in base else "?"
    return f"{base}{joint}{rng.choice(kinds)}{mark}{fragment}"


def _dressed(page: str, rng: Random) -> str:
    """Return ``page`` written another way: protocol, www, slash, fragment, index file, the platform's other host."""
    if "//lu.ma/" in page and rng.random() < 0.5:
        return page.replace("//lu.ma/", "//luma.com/")
    if "//luma.com/" in page and rng.random() < 0.5:
        return page.replace("//luma.com/", "//lu.ma/")
    kind = rng.randrange(6)
    if kind == 0:
        return page.replace("https://", "http://")
    if kind == 1:
        return page.replace("//www.", "//") if "//www." in page else page.replace("//", "//www.")
    if kind == 2:
        return page[:-1] if page.endswith("/") else page + "/"
    if kind == 3:
        return page + rng.choice(("#about", "#register", "#schedule", "#tickets"))
    if kind == 4 and "lu" not in page and "meetup" not in page and "eventbrite" not in page:
        return page.rstrip("/") + "/index.html"
    return page.replace("https://", "http://").rstrip("/")


def _moved(page: str, rng: Random) -> str:
    """Return a link that leads to ``page`` by way of another site."""
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(_SHORTENERS) + _code(rng, 7)
    if kind < 0.7:
        return f"https://www.google.com/url?q={quote(page, safe='')}&sa=D"
    if kind < 0.85:
        return f"https://l.facebook.com/l.php?u={quote(page, safe='')}&h=AT{_code(rng, 8)}"
    return f"https://substack.com/redirect/{_code(rng, 8)}-{_code(rng, 12)}?j={_code(rng, 16)}"

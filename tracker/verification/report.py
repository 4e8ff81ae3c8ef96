"""Reports a kit: as Markdown for an issue, and as a page on which a person says whether what was read is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader

from tracker.health.assessment import SourceVerdict
from tracker.models.moments import zone_of
from tracker.models.source import Source
from tracker.reading.plain_text import read_text
from tracker.verification.kit import Kit, Manifest
from tracker.verification.records import AccessRecord, bodies_of

_EXCERPT = 6_000
_MARKS = {
    SourceVerdict.WORKS: "✓",
    SourceVerdict.EMPTY: "○",
    SourceVerdict.LOOKS_WRONG: "?",
    SourceVerdict.REFUSED: "✗",
    SourceVerdict.MOVED: "✗",
}


def markdown_report(manifest: Manifest, records: Iterable[AccessRecord], sha256: str) -> str:
    """Return the report as Markdown: what does not work first."""
    order = list(SourceVerdict)
    rows = sorted(records, key=lambda each: (-order.index(each.verdict), each.source))
    counts = Counter(each.verdict for each in rows)
    skew = "unknown" if manifest.clock_skew is None else f"{manifest.clock_skew} s"
    seen = (manifest.seen_from or "not said") + (", through a proxy" if manifest.through_proxy else "")
    about = (
        f"Version {manifest.version}, sources `{manifest.sources_hash[:12]}`, network: {seen}, clock skew: {skew},",
        f"zip: sha256 `{sha256}`.",
    )
    lines = [
        f"Verified {len(rows)} of {len(manifest.chosen)} sources on {manifest.begun_at:%Y-%m-%d %H:%M} UTC: "
        + ", ".join(f"{counts[each]} {each.value}" for each in order if counts[each])
        + ".",
        "",
        " ".join(about),
        "",
        "| | source | verdict | why | listings | to come | next |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in rows:
        why = each.message if not each.works else ""
        moved = f" New address: {each.moved_to}" if each.moved_to else ""
        cells = [
            _MARKS[each.verdict], f"`{each.source}`", each.verdict.value, _cell(f"{why}{moved}"), str(each.listings),
            str(each.upcoming), str(each.next or ""),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def html_report(kit: Kit, sources: Mapping[str, Source]) -> bytes:
    """Return the page on which a person compares what was read with the pages; it writes ``answers.toml``."""
    rows = [
        {
            "record": record,
            "name": sources[name].name if name in sources else name,
            "homepage": sources[name].homepage if name in sources else "",
            "mark": _MARKS[record.verdict],
            "samples": list(map(_shown, record.samples)),
            "is_empty": record.verdict is SourceVerdict.EMPTY,
            "excerpt": _excerpt(kit, record),
        }
        for name, record in sorted(kit.records.items())
    ]
    return _environment().get_template("report.html").render(manifest=kit.manifest, rows=rows).encode()


def _shown(sample: Mapping[str, object]) -> dict[str, str]:
    """Return a sample as a person compares it with a page: moments in local time, lists in one line."""
    zone = str(sample.get("timezone") or "UTC")
    shown = {name: "; ".join(map(str, each)) if isinstance(each, list) else str(each) for name, each in sample.items()}
    for name in ("start", "end"):
        if "T" in shown.get(name, ""):
            moment = datetime.fromisoformat(shown[name]).astimezone(zone_of(zone))
            shown[name] = f"{moment:%a %d %B %Y, %H:%M}"
    return shown


def _excerpt(kit: Kit, record: AccessRecord) -> str:
    """Return the beginning of the last page's text: first pages often only name the calendar."""
    archive = kit.folder / "pages" / f"{record.source}.warc.gz"
    if not record.pages or not archive.is_file():
        return ""
    last = record.pages[-1]
    body = bodies_of(archive.read_bytes()).get(last.record_id, b"")[: 20 * _EXCERPT].decode("utf-8", "replace")
    return (read_text(body) if "html" in last.content_type else body)[:_EXCERPT]


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("tracker.verification"), autoescape=True, trim_blocks=True)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())[:300]

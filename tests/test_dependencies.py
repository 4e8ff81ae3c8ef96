"""What is locked is new enough to be without the faults that were published of it. Asks nobody: the table is here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# library → (the first version without the fault, what the fault was)
FIXED_IN = {
    "scrapy": ("2.13.4", "CVE-2025-6176: brotli and deflate bombs"),
    "brotli": ("1.2.0", "CVE-2025-6176: output without a limit"),
    "twisted": ("24.7.0", "CVE-2024-41671: pipelined requests answered out of order"),
    "aiohttp": ("3.13.3", "CVE-2025-69223: zip bombs"),
    "urllib3": ("2.6.3", "CVE-2026-21441: bombs in redirects"),
    "requests": ("2.32.4", "CVE-2024-47081: .netrc given to others"),
    "jinja2": ("3.1.6", "CVE-2025-27516: a way out of the sandbox"),
    "starlette": ("0.49.1", "CVE-2025-62727: quadratic time for a Range header"),
    "tornado": ("6.5", "CVE-2025-47287: logs without end"),
    "pillow": ("11.3.0", "CVE-2025-48379: a write beyond a buffer"),
    "protobuf": ("6.31.1", "CVE-2025-4565: recursion without end"),
    "cryptography": ("44.0.1", "CVE-2024-12797: OpenSSL's raw public keys"),
    "h11": ("0.16.0", "CVE-2025-43859: chunked bodies"),
    "idna": ("3.7", "CVE-2024-3651: quadratic time"),
    "authlib": ("1.6.5", "CVE-2025-61920: tokens without limit"),
    "certifi": ("2024.7.4", "CVE-2024-39689: roots that are distrusted"),
    "pyyaml": ("5.4", "CVE-2020-14343: objects from text"),
    "streamlit": ("1.37.0", "CVE-2024-42474: a path that leaves the folder"),
}


def locked() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    return dict(re.findall(r"(?m)^([a-z0-9._-]+)==([^ ;\\]+)", text, re.IGNORECASE))


def as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


@pytest.mark.parametrize("name", FIXED_IN)
def test_what_is_locked_is_without_the_published_fault(name: str) -> None:
    if name in locked():
        fixed, fault = FIXED_IN[name]
        assert as_numbers(locked()[name]) >= as_numbers(fixed), fault

"""Refuses redirects to other sites, and says so; Scrapy's own check drops them without telling anybody."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.part_of_crawl import PartOfCrawl

FOR_GOOD = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class StayOnSite(PartOfCrawl):
    """Lets a redirect pass if it stays on the hosts that the source's first pages are on."""

    def _stays(self, url: str, target: str) -> bool:
        return self.spider.is_on_site(target) or urlsplit(url).hostname == urlsplit(target).hostname

    def process_response(self, request: Request, response: Response) -> Response:
        """Hand the answer on, unless it sends us away.

        Raises:
            IgnoreRequest: it does.
        """
        location = response.headers.get("Location")
        asked = request.meta.get("asked")
        if response.status in _REDIRECTS and location and asked is not None:  # robots.txt may lie elsewhere
            target = urljoin(request.url, location.decode("latin-1"))
            if response.status in FOR_GOOD:
                self.spider.note_move(asked, target)
            parts = urlsplit(target)
            if parts.scheme not in {"http", "https"} or not self._stays(request.url, target):
                raise IgnoreRequest(f"to {target[:200]}")
        return response

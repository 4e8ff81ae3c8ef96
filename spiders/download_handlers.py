"""Download handlers with rate limits per site, and an SSRF guard that refuses connections to private networks.

The guard checks the IP address when connecting, so it also stops names that resolve to a private address, names that
change between two lookups (DNS rebinding), and redirects.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from functools import cache
from typing import Any

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from spiders.failures import RefusedError
from spiders.source_spider import SourceSpider, header, spider_of
from tracker.crawling.throttling.rate_limiter import RetryLaterError
from tracker.errors import StoreError
from tracker.health.diagnosis import diagnose

_ALSO_PRIVATE = (
    ipaddress.ip_network("100.64.0.0/10"),  # carrier-grade NAT, RFC 6598
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ipaddress.ip_network("64:ff9b:1::/48"),  # local translation to IPv4, RFC 8215
    ipaddress.ip_network("::/96"),  # IPv4-compatible, RFC 4291
    ipaddress.ip_network("::ffff:0:0:0/96"),  # IPv4-translated, RFC 2765
    ipaddress.ip_network("fec0::/10"),  # site-local, RFC 3879
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # public translation to IPv4, RFC 6052
AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]


class PrivateAddressError(OSError):
    """The address is not on the public internet."""


class GuardedDownloadHandler(AiohttpDownloadHandler):
    """aiohttp's handler with a check of each address. The setting ``ALLOWED_ADDRESSES`` lists exceptions."""

    lazy = True  # most sources need only one of the two schemes

    def __init__(self, crawler: Crawler) -> None:
        # Not AiohttpDownloadHandler.__init__: it loads all certificates again for each source, and has no such check.
        super(AiohttpDownloadHandler, self).__init__(crawler)
        allowed: Sequence[str] = crawler.settings.getlist("ALLOWED_ADDRESSES")

        def open_socket(info: AddressInfo) -> socket.socket:
            family, kind, protocol, _, address = info
            check_address(str(address[0]), int(address[1]), allowed)
            return socket.socket(family, kind, protocol)

        self._ssl_context = _ssl_context()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._pool_size_total, limit_per_host=self._pool_size_per_host, socket_factory=open_socket
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    @staticmethod
    def _extract_headers(response: Any) -> Headers:
        """Return the headers as bytes: as text, a non-ASCII character, as in a file name, would fail the page."""
        return Headers(list(response.raw_headers))


class ThrottledDownloadHandler(GuardedDownloadHandler):
    """Sends each request in a slot of the rate limiter, and reports the response to the limiter."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler = crawler

    async def download_request(self, request: Request) -> Response:
        """Wait for a slot and fetch, unless the source is aborted.

        Raises:
            RefusedError: the site is blocked for longer than a crawl waits, or the source was aborted.
        """
        spider = spider_of(self._crawler)
        fetching = asyncio.ensure_future(self._fetch(spider, request))
        aborting = asyncio.ensure_future(spider.aborted.wait())
        try:
            await asyncio.wait({fetching, aborting}, return_when=asyncio.FIRST_COMPLETED)
            if not fetching.done():
                raise RefusedError(diagnose("timeout", request.url))
            return fetching.result()
        finally:
            fetching.cancel()
            aborting.cancel()

    async def _fetch(self, spider: SourceSpider, request: Request) -> Response:
        limiter = spider.rate_limiter
        try:
            async with limiter.slot(request.url):
                response = await super().download_request(request)
                until = limiter.record_response(request.url, response.status, header(response, "Retry-After"))
        except RetryLaterError as error:
            spider.result.retry_at = error.until
            raise RefusedError(diagnose("rate_limited", request.url, detail=str(error))) from error
        except StoreError as error:  # without the shared slots nothing may be requested
            spider.result.store_error = error
            raise RefusedError(diagnose("download_failed", request.url, detail=str(error))) from error
        if until is not None:
            spider.result.retry_at = until
        return response


@cache
def _ssl_context() -> ssl.SSLContext:
    """Return an SSL context with the certificates that this machine trusts; verification is always on."""
    return ssl.create_default_context()


def check_address(host: str, port: int, allowed: Sequence[str] = ()) -> None:
    """Check that an IP address is public or in ``allowed``.

    Args:
        host: an IPv4 or IPv6 address.
        port: the port that is connected to.
        allowed: ``127.0.0.1:8000`` (one port), ``10.1.2.3`` or ``10.0.0.0/8`` (any port).

    Raises:
        PrivateAddressError: it is loopback, private, link-local, carrier-grade NAT, reserved or multicast.
    """
    address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        address = _inside(address) or address
    if any(_covers(entry, address, port) for entry in allowed):
        return
    if not address.is_global or address.is_multicast or any(address in network for network in _ALSO_PRIVATE):
        raise PrivateAddressError(errno.EPERM, f"{host} belongs to a private network and is not crawled")


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that is embedded in an IPv6 address, None without one."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _covers(entry: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> bool:
    host, colon, wanted = entry.rpartition(":")
    if colon and wanted.isdigit() and "/" not in entry and (entry.count(":") == 1 or host.endswith("]")):
        entry = host.strip("[]") if port == int(wanted) else ""
    try:
        return address in ipaddress.ip_network(entry, strict=False)
    except ValueError:  # a host name, such as that of a proxy, is not an IP address
        return False

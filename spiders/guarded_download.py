"""The download handler: no connection ever reaches inside the operator's network.

The check is made at the moment of connecting, on the address itself, so neither a name that resolves to a
private address, nor one that changes its mind between two look-ups, nor a redirect gets past it.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from functools import cache
from typing import Any

import aiohttp
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.crawler import Crawler
from scrapy.http import Headers

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


class GuardedDownload(AiohttpDownloadHandler):
    """aiohttp's handler behind a check of each address. ``ALLOWED_ADDRESSES`` lists the exceptions."""

    lazy = True  # most sources need only one of the two schemes

    def __init__(self, crawler: Crawler) -> None:
        # Not AiohttpDownloadHandler's own: it loads all certificates anew for each source, and knows no check.
        super(AiohttpDownloadHandler, self).__init__(crawler)
        allowed: Sequence[str] = crawler.settings.getlist("ALLOWED_ADDRESSES")

        def open_socket(info: AddressInfo) -> socket.socket:
            family, kind, protocol, _, address = info
            check_address(str(address[0]), int(address[1]), allowed)
            return socket.socket(family, kind, protocol)

        self._ssl_context = _trusted()
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
        """Take headers as bytes: as text, one letter outside ASCII, as in a file's name, would cost the page."""
        return Headers(list(response.raw_headers))


@cache
def _trusted() -> ssl.SSLContext:
    """Return the certificates that this machine trusts; they are checked always."""
    return ssl.create_default_context()


def check_address(host: str, port: int, allowed: Sequence[str] = ()) -> None:
    """Let public addresses and those of ``allowed`` pass.

    Args:
        host: an IPv4 or IPv6 address.
        port: the port that is connected to.
        allowed: ``127.0.0.1:8000`` (one port), ``10.1.2.3`` or ``10.0.0.0/8`` (any port).

    Raises:
        PrivateAddressError: loopback, private, link-local, carrier-grade NAT, reserved or multicast.
    """
    address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        address = _inside(address) or address
    if any(_covers(entry, address, port) for entry in allowed):
        return
    if not address.is_global or address.is_multicast or any(address in network for network in _ALSO_PRIVATE):
        raise PrivateAddressError(errno.EPERM, f"{host} belongs to a private network and is not crawled")


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _covers(entry: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> bool:
    host, colon, wanted = entry.rpartition(":")
    if colon and wanted.isdigit() and "/" not in entry and (entry.count(":") == 1 or host.endswith("]")):
        entry = host.strip("[]") if port == int(wanted) else ""
    try:
        return address in ipaddress.ip_network(entry, strict=False)
    except ValueError:  # a host name, such as that of a proxy, is no address
        return False

"""The download handler: no connection ever reaches inside the operator's network.

The check is made at the moment of connecting, on the address itself, so neither a name that resolves to a
private address, nor one that changes its mind between two look-ups, nor a redirect gets past it.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import Crawler

_SHARED = ipaddress.ip_network("100.64.0.0/10")  # carrier-grade NAT, RFC 6598
AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]


class PrivateAddressError(OSError):
    """The address is not on the public internet."""


class GuardedDownload(AiohttpDownloadHandler):
    """aiohttp's handler behind a check of each address. ``ALLOWED_ADDRESSES`` lists the exceptions."""

    lazy = True  # each one loads all certificates; most crawls need only one of the two schemes

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        allowed: Sequence[str] = crawler.settings.getlist("ALLOWED_ADDRESSES")

        def open_socket(info: AddressInfo) -> socket.socket:
            family, kind, protocol, _, address = info
            check_address(str(address[0]), int(address[1]), allowed)
            return socket.socket(family, kind, protocol)

        connector: Any = self._session.connector
        # A private name, but the only place where aiohttp shows an address before it is connected to. Without
        # it nothing may be fetched at all.
        if not hasattr(connector, "_socket_factory"):
            raise RuntimeError("this version of aiohttp offers no connect-time check; install the locked versions")
        connector._socket_factory = open_socket


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
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        address = inner or address
    if any(_covers(entry, address, port) for entry in allowed):
        return
    in_shared = isinstance(address, ipaddress.IPv4Address) and address in _SHARED
    if not address.is_global or address.is_multicast or in_shared:
        raise PrivateAddressError(f"{host} belongs to a private network and is not crawled")


def _covers(entry: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> bool:
    host, colon, wanted = entry.rpartition(":")
    if colon and wanted.isdigit() and "/" not in entry and (entry.count(":") == 1 or host.endswith("]")):
        return port == int(wanted) and address == ipaddress.ip_address(host.strip("[]"))
    return address in ipaddress.ip_network(entry, strict=False)

"""Refuses a connection before any application sees it."""

from __future__ import annotations

import asyncio
from http import HTTPStatus


def refuse(transport: asyncio.Transport, status: int, text: str) -> None:
    """Answer with a status and a sentence, and close."""
    body = f"{text}\n".encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n"
        f"{'Retry-After: 10' + chr(13) + chr(10) if status == HTTPStatus.SERVICE_UNAVAILABLE else ''}\r\n"
    )
    transport.write(head.encode("ascii") + body)
    transport.close()

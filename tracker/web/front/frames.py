"""Finds where the frames of a WebSocket end (RFC 6455 section 5.2), without looking into them."""

from __future__ import annotations

_MASK_BYTES = 4


def frame_size(data: bytes | bytearray) -> int | None:
    """Return the size of the frame that ``data`` begins with, its head included; None if the head is not complete."""
    if len(data) < 2:
        return None
    is_masked, length, head = data[1] >> 7, data[1] & 0x7F, 2
    if length >= 126:
        wide = 2 if length == 126 else 8
        if len(data) < head + wide:
            return None
        length = int.from_bytes(data[head : head + wide], "big")
        head += wide
    return head + (_MASK_BYTES if is_masked else 0) + length

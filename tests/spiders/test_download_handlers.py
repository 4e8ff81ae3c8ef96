from __future__ import annotations

import pytest

from spiders.download_handlers import PrivateAddressError, check_address


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fc00::1", "fe80::1", "fe80::1%eth0", "ff02::1",
        "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b:1::1", "64:ff9b::7f00:1", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "192.88.99.1",
    ],
)  # fmt: skip
def test_a_private_address_is_refused(address: str) -> None:
    with pytest.raises(PrivateAddressError, match="private network"):
        check_address(address, 80)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_a_public_address_passes(address: str) -> None:
    assert check_address(address, 443) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("entry", "address", "port", "passes"),
    [
        ("127.0.0.1:8000", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "127.0.0.1", 8001, False),
        ("127.0.0.1:8000", "127.0.0.2", 8000, False),
        ("10.0.0.0/8", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "192.168.0.1", 80, False),
        ("[::1]:8000", "::1", 8000, True),
        ("::1", "::1", 9, True),
    ],
)
def test_an_operator_may_let_an_address_through(entry: str, address: str, port: int, passes: bool) -> None:
    if passes:
        check_address(address, port, [entry])
    else:
        with pytest.raises(PrivateAddressError):
            check_address(address, port, [entry])

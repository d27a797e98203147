"""Which addresses the product may call: nothing inside the house unless a setting says so.

Whoever may enter an address could otherwise make the server ask its own neighbours (server-side
request forgery). The name is looked up once and the connection made to the very address that was
checked, so that a second look-up cannot answer differently.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

_PORTS = {"https": 443, "http": 80}
# IPv4 addresses behind a translator (RFC 6052) look like public ones.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(Exception):
    """The address must not be called; the message is for the administrator."""


def parts_of(address: str) -> SplitResult:
    """The address taken apart. Raises `Forbidden` for a scheme or a form not allowed."""
    try:
        parts = urlsplit(address)
        _known = parts.port
    except ValueError as error:
        raise Forbidden(_("This is not an address.")) from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Forbidden(_("This is not an address."))
    if parts.scheme != "https" and not settings.DONDOC_BRIDGE_HTTP:
        raise Forbidden(_("The address must begin with https://."))
    if parts.username or parts.password:
        raise Forbidden(_("Put no name or password into the address."))
    return parts


def port_of(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


def checked_address(parts: SplitResult) -> str:
    """The number to connect to. Raises `Forbidden`, or `OSError` when the name is not known."""
    found = socket.getaddrinfo(parts.hostname, port_of(parts), type=socket.SOCK_STREAM)
    numbers = [str(entry[4][0]) for entry in found]
    if not settings.DONDOC_BRIDGE_PRIVATE:
        for number in numbers:
            if not is_public(ipaddress.ip_address(number.partition("%")[0])):
                words = _("%(host)s lies inside a network that must not be called (%(number)s).")
                raise Forbidden(words % {"host": parts.hostname, "number": number})
    return numbers[0]


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could have this address; what is wrapped in it counts."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast

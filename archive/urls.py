"""Addresses: when two of them are one article, and which site they belong to.

`canonical_url` gives the address that an article is filed under; `address_key` is coarser and tells the frontier which addresses
need only one fetch. Neither asks the network, and neither raises.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NewType
from urllib.parse import SplitResult, parse_qsl, unquote_plus, urljoin, urlsplit, urlunsplit

import tldextract
from w3lib.url import canonicalize_url

CanonicalUrl = NewType("CanonicalUrl", str)
"""An address that went through `canonical_url`."""

MAX_ADDRESS = 4096
"""Characters. Longer addresses are traps or data: no server of articles needs them, and no index wants them."""

MAX_PASSES = 12
"""Each pass takes something away, so few are needed: the deepest real case is an AMP cache of a mobile page, with three."""

DEFAULT_PORTS = {"http": 80, "https": 443}

VARIANT_LABELS = frozenset({"amp", "m", "mobile"})
"""Labels of a host that name another rendering of the same pages, where a registrable domain stands behind them."""

TRACKER_PREFIXES = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "_hs", "mc_", "at_", "wt_", "wt.", "vero_", "oly_", "fb_", "guce_", "ga_",
    "trk_", "ns_", "itm_", "stm_", "cx_", "int_", "sc_", "dm_i", "__twitter_", "aspsession",
)  # fmt: skip
"""Beginnings of parameter names that say where a reader came from, never what is read."""

TRACKERS = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "msclkid", "yclid", "ysclid", "twclid", "ttclid", "li_fat_id", "igshid", "igsh",
    "mibextid", "gbraid", "wbraid", "srsltid", "wickedid", "_ga", "_gl", "_openstat", "s_kwcid", "s_cid", "xtor", "xtref",
    ".tsrc", "cmpid", "cmp", "campaign_id", "ncid", "ocid", "icid", "cid_source", "ito", "smid", "smtyp", "taid", "tblci",
    "dicbo", "oborigurl", "ref_src", "ref_url", "referrer", "referer", "referral", "soc_src", "soc_trk", "sr_share",
    "spm", "guccounter", "nr_email_referer", "mkt_tok", "rb_clickid", "ml_subscriber", "ml_subscriber_hash", "_bhlid",
    "__s", "_branch_match_id", "_branch_referrer", "__tn__", "share_id", "sharetype", "shared_from", "wpmobileexternal",
    "fromrss", "rssfeed", "googleclickid", "zanpid", "traffic_source", "phpsessid", "jsessionid", "sessionid",
    "session_id", "cfid", "cftoken", "sessid",
})  # fmt: skip
"""Whole parameter names that never choose the article: click ids, referrers, sessions."""

CHANNEL_PARAMETERS = frozenset({"ref", "source", "src", "from", "via", "mod", "partner", "medium", "campaign"})
"""Parameters that mostly name the channel, and now and then the content: dropped only where the value reads as a channel."""

CHANNELS = re.compile(
    r"(?i)(?:rss\w*|feed\w*|atom|twitter|x|t\.co|facebook|fb|instagram|linkedin|whatsapp|telegram|reddit|mastodon|bluesky|threads"
    r"|social\w*|share\w*|email|e-?mail|mail|newsletter\w*|nl|push|app|home(?:page)?|hp|front(?:page)?|top|sidebar|footer|header|menu|nav"
    r"|related\w*|recommend\w*|most[-_]?(?:read|popular)|trending|google\w*|bing|yahoo|duckduckgo|apple\w*|flipboard|pocket"
    r"|[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
)
"""Values of a channel parameter: names of networks, places on a page, or a host."""

AMP_PARAMETERS = {"amp": None, "outputtype": "amp", "output": "amp", "type": "amp", "format": "amp", "view": "amp", "_amp": None}
"""Parameter that asks for the AMP rendering, and the value it needs for that; None for any value."""

MOBILE_PARAMETERS = frozenset({"m", "mobile", "noamp", "nomobile", "view_mobile"})
"""Dropped where the value is a switch: 0, 1, true, false or empty."""

SWITCHES = frozenset({"", "0", "1", "true", "false", "yes", "no", "mobile"})

IDENTIFIERS = re.compile(r"(?i)(?:[a-z_]*id|p|nr|no|article|artikel|story|post|page_?name|news|item|doc|a|n|s)")
"""Names of parameters that choose the article on sites whose path does not."""

NO_HOST = re.compile(r"[\s%<>\"\\^`{|}]|\.\.|^\.|[^.]{64}")
"""What no host name holds; labels end at 63 characters (RFC 1035, section 2.3.4)."""

INDEX_FILES = re.compile(r"(?i)/(?:index\.(?:x?html?|php\d?|aspx?|jsp|cfm|shtml)|default\.(?:aspx?|html?))$")

LABEL_FOLDERS = frozenset(
    {"tag", "tags", "category", "categories", "topic", "topics", "author", "authors", "label", "thema", "themen"}
)
"""After one of these a segment is a word that somebody chose, and `amp` may be one."""

AMP_CACHE = re.compile(r"^/(?:[acivr]/)?(?P<secure>s/)?(?P<rest>[^/]+\.[^/]+(?:/.*)?)$")
"""Path of the AMP caches: a letter for the kind of document, `s` for https, then the address itself."""

PAGE_VARIANTS = re.compile(
    r"(?i)/(?:(?:page|seite|p)[/-]?)?\d{1,3}/?$|/(?:print|printable|drucken|amp|single|all|full|singlepage|comments)/?$"
)
"""What an address may have after its canonical one: a page number or another rendering."""

PLAIN = re.compile(r"https?://([A-Za-z0-9.:-]+)((?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?")
"""Addresses of host and path alone, nothing in them that has to be encoded or resolved: most of what sites list."""
MAYBE_NOISE = re.compile(r"(?i)[/.]amp|/(?:index|default)\.")
"""What a plain path may hold for the rules to take something away."""

MIN_SLUG_WORDS = 4
"""Words in the last path segment of a declared canonical address from which it is no section but an article with parts below."""

_suffixes = tldextract.TLDExtract(suffix_list_urls=(), include_psl_private_domains=True, cache_dir=None)


def canonical_url(url: str, *, declared: str | None = None) -> CanonicalUrl:
    """Return the address that the page at `url` is filed under.

    Trackers, session ids, fragments, default ports, index files, AMP and mobile variants go; the order of parameters is fixed;
    the scheme and a trailing slash stay. Applying it twice changes nothing.

    Args:
        url: as fetched, after redirects.
        declared: `rel=canonical` of the page, relative or absolute. It is believed only where it can be: same registrable
            domain, not the front page, not a section above `url`, and not without the parameter that chooses the article.

    Returns:
        The canonical address; an address that is not http(s) comes back as it is, without white space around it.

    """
    own = _clean(url)
    if own is None:
        return CanonicalUrl(url.strip())
    if declared and (named := _believable(declared, url, own)):
        return CanonicalUrl(named)
    return CanonicalUrl(own)


def address_key(url: str) -> str | None:
    """Return the key under which the frontier knows an address, or None for what is no http(s) address.

    As `canonical_url`, and besides http and https, `www.` or none, and a trailing slash or none make no difference. The key
    looks like an address and is its own key; it is not meant to be fetched.
    """
    plain = _plain(url)
    if plain is None:
        return _key_by_rules(url)
    # Of a plain address only the host says anything that the rules change, and a long list has few hosts.
    front = _key_by_rules(f"https://{plain[1]}/")
    return front and front + plain[2][1:]


def _plain(url: str) -> re.Match[str] | None:
    """Host and path of an address whose path stays as it is under all rules; None for any other."""
    found = PLAIN.fullmatch(url) if len(url) <= MAX_ADDRESS else None
    if found is None or MAYBE_NOISE.search(found[2]) or "ampproject" in found[1].lower():
        return None
    return found


@lru_cache(maxsize=8192)
def _key_by_rules(url: str) -> str | None:
    key = url
    for _ in range(MAX_PASSES):  # what stands before a slash that goes may be noise itself
        cleaned = _clean(key)
        if cleaned is None:
            return None
        coarser = _coarsen(cleaned)
        if coarser == key:
            break
        key = coarser
    return key


def _coarsen(url: str) -> str:
    """Take away what makes no difference between two addresses of one page."""
    parts = urlsplit(url)
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/") or "/"
    return urlunsplit(("https", _bare_netloc(parts, list(DEFAULT_PORTS.values())), path, parts.query, ""))


def site_of(url: str) -> str:
    """Return the host of an address, lower case, without `www.`, `m.`, `mobile.` and `amp.`.

    A port that is not the default stays. Empty for what is no http(s) address.
    """
    parts = _split(url)
    if parts is None:
        return ""
    return _bare_netloc(parts, [DEFAULT_PORTS[parts.scheme]])


def host_of(url: str) -> str:
    """Return the host of an address and its port, as requests, rests and the frontier all name it.

    In ASCII as it is sent, lower case, without a user name and without the port that is the scheme's own. Empty for what is no
    http(s) address.
    """
    plain = _plain(url)
    return _host_by_rules(url if plain is None else f"{url[: plain.end(1)]}/")


@lru_cache(maxsize=8192)
def _host_by_rules(url: str) -> str:
    parts = _split(url)
    return "" if parts is None else _with_port(parts.hostname or "", parts.port, [DEFAULT_PORTS[parts.scheme]])


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """Return the part of a host that somebody registered: `example.co.uk` of `news.example.co.uk`, `a.github.io` of itself.

    Addresses in numbers and names without a dot (`localhost`) are returned whole, with their port: there each port is a site of
    its own. A name whose ending is on no list, as inside an organisation, is cut to its last two labels, which is the list's own
    default rule. The list of suffixes is the one in the package; nothing is fetched.
    """
    name = host.strip().lower()
    bare = name.rpartition("@")[2]
    found = _suffixes(bare)
    if found.suffix or found.ipv4 or found.ipv6 or not found.subdomain:
        return found.top_domain_under_public_suffix or name
    labels = bare.partition(":")[0].rstrip(".").split(".")
    return ".".join(labels[-2:])


def _clean(url: str) -> str | None:
    """Apply all rules until none finds anything more; None for what is no http(s) address."""
    current = url
    for _ in range(MAX_PASSES):
        parts = _split(current)
        if parts is None:
            return None
        after = _clean_once(parts)
        if after == current:
            break
        current = after
    return current


@lru_cache(maxsize=4096)
def _split(url: str) -> SplitResult | None:
    """Parse an address strictly: http(s), a host, a possible port, encoded as it would be sent.

    Half of what is made of an address; and of each page's, the key, the canonical form and the site are made one after the other.
    """
    text = url.strip()
    if len(text) > MAX_ADDRESS or not re.match(r"(?i)https?://[^/?#\s]", text):
        return None
    try:
        parts = urlsplit(canonicalize_url(text))
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        parts.netloc.encode("ascii")
    except ValueError:  # bad port, bad brackets, a name that IDNA cannot encode, a lone surrogate
        return None
    if not usable or NO_HOST.search(parts.hostname or ""):
        return None
    return parts


def _clean_once(parts: SplitResult) -> str:
    unwrapped = _unwrap_amp_cache(parts)
    if unwrapped:
        return unwrapped
    path = _clean_path(parts.path)
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_noise(pair))
    return urlunsplit((parts.scheme, _variant_free_netloc(parts), path, query, ""))


def _unwrap_amp_cache(parts: SplitResult) -> str | None:
    """Return the address inside one of an AMP cache, or None."""
    host = parts.hostname or ""
    if host.endswith(".cdn.ampproject.org"):
        inner = parts.path
    elif re.fullmatch(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}", host) and parts.path.startswith("/amp/"):
        inner = parts.path[len("/amp") :]
    else:
        return None
    found = AMP_CACHE.match(inner)
    if not found:
        return None
    query = f"?{parts.query}" if parts.query else ""
    unwrapped = f"{'https' if found['secure'] else 'http'}://{found['rest']}{query}"
    return unwrapped if _split(unwrapped) else None


def _clean_path(path: str) -> str:
    path = re.sub(r"(?i);(?:jsessionid|phpsessid|sid)=[^/;]*", "", path) or "/"
    path = re.sub(r"(?i)/\([sfa]\([a-z0-9]{16,}\)\)(?=/)", "", path)
    path = INDEX_FILES.sub("/", path)
    path = re.sub(r"(?i)\.amp(\.html?)?$", lambda found: found[1] or "", path)
    return _without_amp_folder(path) or "/"


def _without_amp_folder(path: str) -> str:
    """Drop a first or last segment `amp`."""
    if re.match(r"(?i)/amp/[^/]", path):
        return path[len("/amp") :]
    found = re.search(r"(?i)^(?P<before>.*)/amp/?$", path)
    if not found or found["before"].rpartition("/")[2].lower() in LABEL_FOLDERS:
        return path
    return found["before"] + ("/" if path.endswith("/") else "")


def _is_noise(pair: str) -> bool:
    """Whether a parameter says nothing of which article is meant."""
    raw_name, _, raw_value = pair.partition("=")
    name, value = unquote_plus(raw_name).lower(), unquote_plus(raw_value).lower()
    if name in TRACKERS or name.startswith(TRACKER_PREFIXES):
        return True
    if name in CHANNEL_PARAMETERS:
        return bool(CHANNELS.fullmatch(value))
    if name in AMP_PARAMETERS:
        return AMP_PARAMETERS[name] in (None, value)
    if name == "sid":
        return bool(re.fullmatch(r"[0-9a-z]{16,}", value))
    return name in MOBILE_PARAMETERS and value in SWITCHES


def _variant_free_netloc(parts: SplitResult) -> str:
    """Host without a variant label, and its port where that is not the scheme's; user names go."""
    return _with_port(_variant_free_host(parts.hostname or ""), parts.port, [DEFAULT_PORTS[parts.scheme]])


@lru_cache(maxsize=4096)
def _variant_free_host(host: str) -> str:
    """Drop `m`, `mobile` and `amp` before a registrable domain: `en.m.example.org` is `en.example.org`."""
    host = host.rstrip(".")
    domain = registrable_domain(host)
    before = host[: -len(domain)].rstrip(".") if host.endswith("." + domain) else ""
    labels = [label for label in before.split(".") if label and label not in VARIANT_LABELS]
    return ".".join([*labels, domain]) if before else host


def _bare_netloc(parts: SplitResult, default_ports: Collection[int]) -> str:
    host = _variant_free_host(parts.hostname or "")
    while host.startswith("www.") and "." in host[len("www.") :]:
        host = host[len("www.") :]
    return _with_port(host, parts.port, default_ports)


def _with_port(host: str, port: int | None, default_ports: Collection[int]) -> str:
    if ":" in host:
        host = f"[{host}]"
    return host if port is None or port in default_ports else f"{host}:{port}"


def _believable(declared: str, url: str, own: str) -> str | None:
    """Return the declared canonical address where it can be that of the page at `own`."""
    try:
        named = _clean(urljoin(url.strip(), declared.strip()))
    except ValueError:
        return None
    if named is None:
        return None
    there, here = urlsplit(named), urlsplit(own)
    if registrable_domain(there.netloc) != registrable_domain(here.netloc):
        return None
    if there.path in ("", "/") and not there.query:
        return named if here.path == "/" and not here.query else None
    if _is_section_above(there.path, here.path) or _loses_identifier(there, here):
        return None
    return named


def _is_section_above(declared: str, own: str) -> bool:
    above = declared.rstrip("/") + "/"
    if not own.startswith(above) or own == above or PAGE_VARIANTS.fullmatch("/" + own[len(above) :]):
        return False
    words = re.split(r"[-_]", declared.rstrip("/").rpartition("/")[2])
    return len(words) < MIN_SLUG_WORDS


def _loses_identifier(declared: SplitResult, own: SplitResult) -> bool:
    """Whether the declared address is the same path without the parameter that chooses the article."""
    if declared.path.rstrip("/") != own.path.rstrip("/"):
        return False
    kept = {name for name, _ in parse_qsl(declared.query, keep_blank_values=True)}
    return any(IDENTIFIERS.fullmatch(name) and value and name not in kept for name, value in parse_qsl(own.query))

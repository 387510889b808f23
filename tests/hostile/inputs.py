"""What an attacker types, by kind."""

# Quantities that are none: signs, fractions, exponents, other scripts' digits, numbers past every column.
QUANTITIES = ["-1", "1.5", "1000000000", "٣", "１", "1e3", str(2**63), "9" * 5000, "0x1", " 1", "NaN", "", "1\x00", "²"]
SKUS = ["unknown", "", "a\x00b", "x" * 5000, "../etc/passwd", "' OR 1=1 --", "ＷＡＬＫ-1", "%00", "\ud7ff", "WALK-1\n"]

# Texts for any field.
NUL = "a\x00b"
OVERLONG = "x" * 100_000
HEADERS = "Ada\r\nBcc: everybody@example.com"
TEXTS = {"nul": NUL, "overlong": OVERLONG, "crlf": HEADERS}

# Addresses of other sites, as `next` has been fooled before.
FOREIGN = [
    "https://evil.example/",
    "http://evil.example",
    "HTTPS://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2e%2e",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\r\n/evil.example",
    "%2f%2fevil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example@testserver/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "http://evil.example#testserver",
    "http://evil.example?testserver",
    "//evil。example",
    "http://[::1]/",
    "http://[evil",
    "ftp://evil.example",
    "mailto:someone@evil.example",
    "\x00//evil.example",
    "/%0d%0aLocation:%20https://evil.example/",
]

QUERIES = [
    "q=" + "x" * 10_000,
    "q=" + "%20a" * 3000,
    "q=%00",
    "q=%ff%fe",
    "q=%ed%a0%80",
    "q='%3B--&q=%25&q=_",
    "page=" + "9" * 5000,
    "page=-1&page=0&page=1.5&page=%D9%A3",
    "sort=password&sort=__class__",
    "category=../../etc&category=%00",
    "&".join(f"facet{n}=value" for n in range(200)),
    "&".join(f"colour=value{n}" for n in range(200)),
    "price-min=-1&price-max=1e9&available=%00",
    "price-min=" + "9" * 400,
    "price-max=NaN&price-min=Infinity",
    "%00=1&=2&=&&&&%ff=3",
    "variant=%00",
    "variant=" + "x" * 5000,
    "preview=1&preview=%00",
    "seen=" + "9" * 5000,
    "seen=-1&seen=%00",
    "seen=%F0%9F%98%80",
    "q[]=1&q[$ne]=1",
]

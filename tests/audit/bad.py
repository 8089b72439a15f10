"""A letter with everything wrong: a check that does not find its fault in here cannot be trusted."""

from tests.audit.letters import Letter

CODES = frozenset(
    {"mjml-invalid", "words-lost", "html-invalid", "unsupported", "spam-score"}
    | {"header-once", "header-ascii", "header-control", "header-encoded"}
    | {"one-click", "one-click-post", "list-id", "parts", "line-length", "line-end"}
    | {"left-over", "left-over-in-text", "double-escape", "text-width"}
    | {"too-big", "match-ups", "rows", "remote-host", "active"}
    | {
        "axe",
        "axe-in-the-dark",
        "invisible-text",
        "overflow",
        "small-font",
        "low-target",
        "request",
    }
)
"""Every code that a check can report; each must be found in the bad letter."""

_MJML = """<mjml><mj-body>
<mj-text font-size="huge">It has no section around it, and these words</mj-text>
<mj-nonsense>get lost</mj-nonsense>
</mj-body></mjml>"""
_COMPILED = "<body>It has no section around it</body>"

_HTML = """<!doctype html><html><head><title>You won!!!</title>
<style>@media (prefers-color-scheme:dark){.night{color:#222!important;background:#111!important}}</style>
<link rel="stylesheet" href="https://styles.example.com/a.css"></head><body>
<h1 style="display:flex">100% FREE {{ name }} &amp;amp; more</h1>
<img src="https://pixels.example.com/open.gif" width="1" height="1">
<p style="color:#bbb;background:#fff">Hardly to be seen, click here</p>
<p style="color:#fff;background:#fff">Not to be seen at all</p>
<p class="night" style="font-size:9px;color:#000;background:#fff">Small print & more of it</p>
<div style="width:1200px">Wider than any phone</div>
<a href="https://example.com" style="display:inline-block;height:20px">Buy now</a>
<a href="https://example.com"></a>
<form action="https://example.com/order"><input name="card"></form>
<script>document.title = 1</script>
<!-- %s -->
</body></html>"""

_HEAD = """\
From: "Viagra Casino Winner" <winner4711@free-money.example.biz>
Subject: =?utf-8?q?broken
Subject: YOU WON $1,000,000 CASH!!! 100% FREE VIAGRA, ACT NOW
Date: Thu, 01 Jan 1970 00:00:00 +0000
X-Raw: gr\u00fc\u00df dich
X-Bell: ring\x07ring
List-Unsubscribe: =?utf-8?q?=3Chttps=3A//example=2Ecom/u/123=3E?=
List-Id: nothing in brackets
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_edge"
"""

_TEXT = f"Dear friend, {{{{ name }}}}, {'you have been chosen and ' * 4}have won.\nAct now!!!\n"


def bad_letter() -> Letter:
    """Give the letter; it is made by hand, since the product refuses to make one like it."""
    html = _HTML.replace("%s", "x " * 50_000)
    parts = (("html", html), ("plain", _TEXT))
    body = "".join(
        f'--=_edge\nContent-Type: text/{kind}; charset="utf-8"\n'
        f"Content-Transfer-Encoding: 8bit\n\n{content}\n"
        for kind, content in parts
    )
    message = f"{_HEAD}\n{body}--=_edge--\n".replace("\n", "\r\n").replace(
        "Act now!!!\r\n", "Act\n"
    )
    return Letter(
        name="bad",
        raw=message.encode(),
        archive=html,
        mjml=_MJML,
        compiled=_COMPILED,
        cards=1,
        rows=0,
        match_ups=2,
        overflows=True,
    )

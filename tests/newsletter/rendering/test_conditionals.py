"""Outlook's conditional comments: the forms that are right, and each way to break them."""

import pytest

from newsletter.rendering.checks.conditionals import fault

HIDDEN = "<!--[if mso]><table><tr><td><![endif]-->"
CLOSING = "<!--[if mso]></td></tr></table><![endif]-->"
SHOWN = "<!--[if !mso]><!--><p>x</p><!--<![endif]-->"


@pytest.mark.parametrize(
    "html",
    [
        f"{HIDDEN}<p>x</p>{CLOSING}",
        f"{SHOWN}{HIDDEN}{CLOSING}",
        f"<!-- a plain comment -->{HIDDEN}<p>--&gt; x</p>{CLOSING}",
        "<!--[if !mso]><!-- --><p>x</p><!-- <![endif]--><!--[if mso]><br><![endif]-->",
        f"<!--[if !mso]><!---->{HIDDEN}{CLOSING}<!--<![endif]-->",
        f"{HIDDEN}<p>a --> b</p>{CLOSING}",
    ],
)
def test_balanced_blocks_are_fine(html: str) -> None:
    assert fault(html) is None


@pytest.mark.parametrize(
    "html",
    [
        "<p>no conditional at all</p>",
        "<!--[if !mso]><!--><p>x</p><!--<![endif]-->",
        HIDDEN.replace("<![endif]-->", "") + CLOSING,
        f"{HIDDEN}{CLOSING}<![endif]-->",
        f"{HIDDEN}{CLOSING}<!--[if mso]><br>",
        f"{HIDDEN}{CLOSING}<!--[if mso]><br>--><![endif]-->",
        f"{HIDDEN}{CLOSING}<!--[if mso]><!--[if mso]><br><![endif]--><![endif]-->",
        f"{HIDDEN}{CLOSING}<!--[if mso]><!-- x --><![endif]-->",
        f"<!--[if !mso]><!--><p>{SHOWN}</p><!--<![endif]-->{HIDDEN}{CLOSING}",
        f"<!--[if !mso]><!--><p>x</p>{HIDDEN}{CLOSING}",
        f"{HIDDEN}{CLOSING}<![if !mso]><p>x</p><![endif]>",
        f"{HIDDEN}{CLOSING}<!--<![endif]-->",
        HIDDEN,
        CLOSING,
        f"{HIDDEN}<!--[if mso]></tr></td></table><![endif]-->",
    ],
)
def test_each_way_to_break_them_is_seen(html: str) -> None:
    assert fault(html) is not None

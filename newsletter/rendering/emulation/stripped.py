"""Without style sheets: only what stands at the elements themselves is left. Pure."""

from selectolax.lexbor import LexborHTMLParser


def without_sheets(html: str) -> str:
    """Take every style element out, and every link to a style sheet."""
    tree = LexborHTMLParser(html)
    for sheet in tree.css('style, link[rel~="stylesheet"]'):
        sheet.decompose()
    return tree.html or ""

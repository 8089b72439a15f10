"""What a person wrote: the lines above a quoted letter and above a signature. Pure."""

import re
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser

from newsletter.inbound.mail import InboundMail
from newsletter.inbound.words import listed, plain

_QUOTED_IN_HTML = "blockquote, .gmail_quote, .moz-cite-prefix, #divRplyFwdMsg, #appendonsend ~ *"
_UNSEEN_IN_HTML = "head, style, script, title"
_LINES_IN_HTML = "br, p, div, li, tr, h1, h2, h3"

_QUOTE_BEGINS = re.compile(
    r"\s*(?:[>|]"  # a quoted line
    r"|[-_*=]{3,}"  # a rule, or "-----Original Message-----"
    r"|\*?(?:From|Von|De|Da|Van|Från|Fra|Od|Kimden|Gönderen|Lähettäjä|От|发件人|差出人)\*?\s*:"
    r"|.*<[^<>\s]*@[^<>]*>"  # "On Monday … <digest@news.example> wrote:"
    r"|.*\b\d{1,2}[:.h]\d\d\b.*\b20\d\d\b|.*\b20\d\d\b.*\b\d{1,2}[:.h]\d\d\b"  # its date and time
    r"|.{0,200}\b(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|yazdı|kirjoitti"
    r"|napisał|написал)\b.{0,100}:\s*$)",
    re.IGNORECASE,
)
_MOST_OF_A_LINE = 500
"""What begins a quoted letter is shorter; and no line of a stranger's may keep us busy."""

_SIGNATURE = re.compile(r"\s*(?:--|—|–)\s*$")

_DEVICE = listed(
    """
    sent from, sent with, sent via, get outlook, von meinem, gesendet von, gesendet mit, diese Nachricht wurde
    von, envoyé de, envoyé depuis, enviado desde, enviado do, enviado de, inviato da, verstuurd vanaf,
    verzonden vanaf, skickat från, sendt fra, lähetetty, wysłane z, wysłano z, отправлено с, iPhoneから送信, 发自我的"""
)
_FAREWELLS = listed(
    """
    best, best regards, kind regards, regards, warm regards, best wishes, sincerely, yours sincerely, yours,
    mit freundlichen Grüßen, freundliche Grüße, viele Grüße, liebe Grüße, beste Grüße, Gruß, Grüße, mfg, vg, lg,
    cordialement, bien à vous, bien cordialement, saludos, un saludo, saludos cordiales, atentamente, saluti,
    cordiali saluti, distinti saluti, un saluto, atenciosamente, cumprimentos, com os melhores cumprimentos,
    abraços, att, met vriendelijke groet, met vriendelijke groeten, groeten, groet, mvg, mvh, med vänlig
    hälsning, med vänliga hälsningar, hälsningar, venlig hilsen, med venlig hilsen, hilsen, vennlig hilsen, med
    vennlig hilsen, terveisin, ystävällisin terveisin, saygılarımla, saygılar, pozdrawiam, z poważaniem,
    с уважением"""
)


def own_lines(mail: InboundMail) -> list[str]:
    """Give the lines that somebody wrote, without blank ones."""
    for part in (mail.reply, mail.text, _text_of(mail.html)):
        if part.strip():
            lines = takewhile(lambda line: not _ends_own_words(line), part.splitlines())
            return [line.strip() for line in lines if line.strip()]
    return []


def _ends_own_words(line: str) -> bool:
    line = line[:_MOST_OF_A_LINE]
    if _QUOTE_BEGINS.match(line) or _SIGNATURE.match(line):
        return True
    said = plain(line)
    return said in _FAREWELLS or any(said.startswith(device) for device in _DEVICE)


def _text_of(html: str) -> str:
    if not html.strip():
        return ""
    tree = LexborHTMLParser(html)
    for node in tree.css(f"{_UNSEEN_IN_HTML}, {_QUOTED_IN_HTML}"):
        node.decompose()
    for node in tree.css(_LINES_IN_HTML):
        node.insert_after("\n")
    return tree.body.text() if tree.body else ""

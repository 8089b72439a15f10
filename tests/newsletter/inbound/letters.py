"""Mails to us in the shape in which Postmark's inbound webhook posts them; all words are ours."""

from typing import Any

MAILBOX = "0123456789abcdef0123456789abcdef"
HOST = "inbound.postmarkapp.com"

QUOTED = """

On Mon, 23 Nov 2026 at 09:00, Weekly Verdict <digest@news.example> wrote:
> Fox vs Hound + 5 more verdicts
> Stop guessing which tool to ship: this week's panels.
>
> Unsubscribe: https://news.example/unsubscribe/AQEB
"""


def payload(**changes: Any) -> dict[str, Any]:
    """Give what Postmark posts for a reply to a letter, with some fields as stated."""
    whole: dict[str, Any] = {
        "FromName": "Ines Example",
        "MessageStream": "inbound",
        "From": "reader1@example.org",
        "FromFull": {"Email": "reader1@example.org", "Name": "Ines Example", "MailboxHash": ""},
        "To": f'"Weekly Verdict" <{MAILBOX}@{HOST}>',
        "ToFull": [{"Email": f"{MAILBOX}@{HOST}", "Name": "Weekly Verdict", "MailboxHash": ""}],
        "Cc": "",
        "CcFull": [],
        "Bcc": "",
        "BccFull": [],
        "OriginalRecipient": f"{MAILBOX}@{HOST}",
        "Subject": "Re: Fox vs Hound + 5 more verdicts",
        "MessageID": "5c0d6b2e-0b1a-4a53-8a44-0d0b6f8f3a11",
        "ReplyTo": "",
        "MailboxHash": "",
        "Date": "Mon, 23 Nov 2026 10:02:11 +0100",
        "TextBody": "",
        "HtmlBody": "",
        "StrippedTextReply": "",
        "Tag": "",
        "Headers": [
            {"Name": "Return-Path", "Value": "<reader1@example.org>"},
            {"Name": "X-Spam-Status", "Value": "No"},
            {"Name": "Message-ID", "Value": "<0001@mail.example.org>"},
            {"Name": "In-Reply-To", "Value": "<1-0a0b@news.example>"},
        ],
        "Attachments": [],
    }
    return whole | changes


def reply(words: str, **changes: Any) -> dict[str, Any]:
    """Give a reply whose quoted letter Postmark has cut off."""
    return payload(StrippedTextReply=words, TextBody=words + QUOTED, **changes)


def whole_reply(text: str, **changes: Any) -> dict[str, Any]:
    """Give a reply in which Postmark found no quoted letter."""
    return payload(TextBody=text, **changes)


def from_machine(name: str, value: str, **changes: Any) -> dict[str, Any]:
    """Give a reply that says stop, with a header that no person's mail has."""
    return reply("stop", Headers=[*payload()["Headers"], {"Name": name, "Value": value}], **changes)


STOPS = {
    "one word": reply("Stop"),
    "one word, loud": reply("STOP!!!"),
    "one word with thanks": reply("Unsubscribe please. Thank you!"),
    "a sentence": reply("Please remove me from your mailing list."),
    "a sentence over two lines": reply("Please take me off\nthis list, thanks"),
    "greeting and name": reply("Hi Weekly Verdict,\n\nplease unsubscribe me.\n\nInes Example"),
    "a signature": reply("Unsubscribe\n\n-- \nInes Example\nExample GmbH, Street 1"),
    "a farewell": reply("Please stop sending me these emails.\n\nKind regards\nInes E.\nTel. 0123"),
    "from a phone": reply("stop\n\nSent from my iPhone"),
    "no longer wanted": reply("I no longer wish to receive this newsletter."),
    "don't, with a typographic apostrophe": reply("Don’t send me any more emails!"),
    "misspelt": reply("unsuscribe"),
    "with their own address": reply("Please remove Reader1@example.org from your mailing list."),
    "a polite question": reply("Could you stop these emails, please?"),
    "German": reply("Bitte abmelden"),
    "German, object first": reply("Newsletter bitte abbestellen. Danke!"),
    "German, long": reply("Hallo,\nbitte nehmen Sie mich aus dem Verteiler.\nMfG\nIna"),
    "German, circumfix": reply("Bitte tragen Sie mich aus der Liste aus, danke."),
    "French": reply("Désabonnez-moi, s'il vous plaît"),
    "French, no more": reply("Je ne souhaite plus recevoir votre newsletter. Merci."),
    "French, loud": reply("DÉSINSCRIPTION"),
    "French, polite": reply("Bonjour,\nmerci de me désinscrire de votre liste.\nCordialement"),
    "Spanish": reply("Por favor, denme de baja de la lista"),
    "Spanish, I want": reply("Hola,\nquiero darme de baja.\nGracias"),
    "Italian": reply("Cancellatemi dalla newsletter, grazie"),
    "Portuguese": reply("Por favor, não me enviem mais emails. Obrigado"),
    "Dutch": reply("Graag afmelden voor de nieuwsbrief"),
    "Swedish": reply("Hej! Avregistrera mig från listan, tack"),
    "Danish": reply("Afmeld mig venligst fra nyhedsbrevet"),
    "Norwegian": reply("Vennligst meld meg av nyhetsbrevet"),
    "Finnish": reply("Poistakaa minut postituslistalta, kiitos"),
    "Turkish, with its own I": reply("LÜTFEN BENİ LİSTEDEN ÇIKARIN"),
    "Polish": reply("Proszę o wypisanie mnie z newslettera"),
    "Russian": reply("Пожалуйста, отпишите меня от рассылки"),
    "Japanese": reply("配信停止してください"),
    "Korean": reply("수신거부"),
    "two languages": reply("Unsubscribe bitte"),
    "Postmark stripped nothing": whole_reply("Unsubscribe me" + QUOTED),
    "quoted by Outlook": whole_reply(
        "Abmelden\n\nVon: Weekly Verdict\nGesendet: Montag\nBetreff: Fox vs Hound\n\nStop guessing."
    ),
    "attribution over two lines": whole_reply(
        "stop\n\nLe lun. 23 nov. 2026 à 09:00, Weekly Verdict <\ndigest@news.example> a écrit :\n> x"
    ),
    "quoted under a rule": whole_reply("Stop\n\n-----Original Message-----\nFox vs Hound"),
    "HTML only": payload(
        HtmlBody="<html><head><style>p{}</style></head><body><p>Please <b>unsubscribe</b> me</p>"
        "<blockquote>Fox vs Hound: stop guessing</blockquote></body></html>"
    ),
    "HTML only, quoted by Gmail": payload(
        HtmlBody='<div dir="ltr">stop</div><br><div class="gmail_quote">Fox vs Hound</div>'
    ),
    "only a subject": payload(Subject="unsubscribe"),
    "only a subject, above a quoted letter": whole_reply(QUOTED, Subject="Re: Unsubscribe"),
    "a phone's signature under a subject": reply("Sent from my iPhone", Subject="STOP"),
    "sent by a company that sends all its mail by Amazon": reply(
        "stop", Headers=[{"Name": "Feedback-ID", "Value": "1.eu-west-1.x=:AmazonSES"}]
    ),
    "sent by a company whose Exchange wants no answers of machines": reply(
        "stop", Headers=[{"Name": "X-Auto-Response-Suppress", "Value": "DR, OOF, AutoReply"}]
    ),
    "said not to be automatic": reply("stop", Headers=[{"Name": "Auto-Submitted", "Value": "no"}]),
}
"""Each lets its sender go."""

OTHERS = {
    "praise with the word in it": reply("Please stop recommending Fox, but great letter!"),
    "praise over two lines": reply("please stop\nrecommending fox"),
    "do not stop": reply("Don't stop!"),
    "never stop": reply("Never stop, I love it"),
    "asked not to": reply("Please don't unsubscribe me"),
    "a story": reply("I unsubscribed from all others. Yours stays."),
    "a question": reply("How many people unsubscribe every week?"),
    "a correction": reply("Hound is now free, please remove the price from the comparison."),
    "a wish for less": reply("Could you stop sending it on Mondays?"),
    "about a tool": reply("Cancel my subscription to Fox, you say? I did."),
    "the word as a noun": reply("Full stop missing in the second verdict."),
    "thanks": reply("Thanks, great letter!"),
    "about somebody else": reply("Please remove reader2@example.org from your mailing list."),
    "somebody who misses a letter": reply("No newsletter?"),
    "somebody who misses a letter, German": reply("Kein Newsletter?\n\nIna"),
    "somebody who misses letters": reply("No mails?"),
    "stop, and more to say": reply(
        "Stop. Before you publish the next one, call me: the price is off."
    ),
    "stop, after which all changes": reply("Stop\n\nJust kidding, I meant the music."),
    "a German sentence with the word": reply("Stopp, das stimmt nicht: Fuchs kostet 9 Euro."),
    "empty": payload(),
    "blank": reply(" \n\t\n"),
    "only a quoted letter": whole_reply(QUOTED),
    "a quoted letter nobody marked": whole_reply(
        "Fox vs Hound + 5 more verdicts\nStop guessing which tool to ship.\nUnsubscribe: https://x"
    ),
    "the letter forwarded": whole_reply(
        "---------- Forwarded message ---------\nStop\n", Subject="Fwd: Fox vs Hound"
    ),
    "only a picture": payload(HtmlBody='<img src="cid:1" alt="stop">'),
    "only emoji": reply("🛑🛑"),
    "out of office": reply("stop", Subject="Out of Office: Fox vs Hound"),
    "out of office, German": reply("Abmelden", Subject="Abwesenheitsnotiz: Fox vs Hound"),
    "out of office, French": reply("stop", Subject="Réponse automatique : Fox vs Hound"),
    "out of office in words": reply("I am away until Monday. To stop these replies, wait."),
    "auto-replied": from_machine("Auto-Submitted", "auto-replied"),
    "auto-generated with a comment": from_machine("auto-submitted", "auto-generated; owner"),
    "bulk": from_machine("Precedence", "bulk"),
    "auto_reply": from_machine("Precedence", "auto_reply"),
    "autoreply": from_machine("X-Autoreply", "yes"),
    "of another list": from_machine("List-Id", "<other.list.example>"),
    "a bounce": reply("stop", Headers=[{"Name": "Return-Path", "Value": "<>"}]),
    "a bounce by its kind": from_machine("Content-Type", "multipart/report; boundary=x"),
    "a bounce by its subject": reply("stop", Subject="Undeliverable: Fox vs Hound"),
    "a postman": reply("stop", FromFull={"Email": "MAILER-DAEMON@mail.example"}),
}
"""None of them lets anybody go."""

ODD = {
    "nothing": {},
    "a field of each wrong kind": payload(
        FromFull=7, From=None, ToFull={"Email": 1}, CcFull=[None, 1], Headers="x", Subject=[],
        TextBody={}, HtmlBody=0, StrippedTextReply=None, MailboxHash=[], OriginalRecipient=3,
        MessageID={"a": 1},
    ),
    "headers of odd kinds": payload(Headers=[None, {}, {"Name": 1, "Value": 2}, ["x"]]),
    "no address": reply("stop", From="", FromFull={}),
    "an address that is none": reply("stop", From="x", FromFull={"Email": "two@at@signs"}),
    "a zero byte": reply("stop", FromFull={"Email": "a\x00b@example.org"}, MessageID="\x00"),
    "very long": reply("stop " * 100_000),
    "deep in quotes": whole_reply(">" * 1_000_000),
    "a long line of blanks": whole_reply(" " * 1_000_000 + "x"),
    "many times": whole_reply("10:30 " * 100_000),
    "many addresses": whole_reply("<a@" * 100_000),
    "many lines": whole_reply("x\n" * 100_000),
    "many greetings": reply("please thanks " * 100_000),
    "a subject of answers": payload(Subject="Re: " * 100_000),
    "a subject of blanks": payload(Subject=" " * 100_000),
    "an answer to blanks": payload(Subject="Re" + " " * 100_000),
    "a sender deep in brackets": reply("stop", From="(" * 10_000, FromFull={}),
    "much HTML": payload(HtmlBody="<div>" * 100_000),
}  # fmt: skip
"""Nobody's mail program writes these."""

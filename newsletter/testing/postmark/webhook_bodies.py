"""The bodies that Postmark posts to a webhook, one function for each kind."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

from newsletter.testing.postmark.account import SERVER_ID
from newsletter.testing.postmark.clock import postmark_time
from newsletter.testing.postmark.ledger import Row

Body = dict[str, Any]

_FAMILY = {"Name": "Loopback 1.0", "Company": "Example", "Family": "Loopback"}
_READER: Body = {
    "Platform": "Desktop",
    "Client": _FAMILY,
    "OS": _FAMILY,
    "UserAgent": "Loopback/1.0 (no real reader)",
    "Geo": {
        "CountryISOCode": "PT",
        "Country": "Portugal",
        "RegionISOCode": "13",
        "Region": "Porto",
        "City": "Porto",
        "Zip": "4000",
        "Coords": "41.1496,-8.6110",
        "IP": "198.51.100.24",
    },
}


def delivery(row: Row, at: datetime) -> Body:
    """The receiving server has taken the message."""
    moment = {"DeliveredAt": postmark_time(at), "Details": "smtp;250 2.0.0 OK loopback"}
    return _about("Delivery", row) | {"ServerID": SERVER_ID} | moment


def opened(row: Row, at: datetime, *, first: bool) -> Body:
    """Somebody, or some machine, has loaded the message's pixel."""
    moment = {"FirstOpen": first, "ReadSeconds": 5, "ReceivedAt": postmark_time(at)}
    return _about("Open", row) | _READER | moment


def clicked(row: Row, at: datetime, link: str) -> Body:
    """Somebody, or some machine, has followed a link."""
    moment = {"OriginalLink": link, "ReceivedAt": postmark_time(at), "ClickLocation": "HTML"}
    return _about("Click", row) | _READER | moment


def bounced(bounce: Mapping[str, Any], at: datetime) -> Body:
    """A message came back, or somebody complained: both have the bounce's own fields."""
    kind = "SpamComplaint" if bounce["Type"] == "SpamComplaint" else "Bounce"
    return {"RecordType": kind, **bounce, "BouncedAt": postmark_time(at)}


def changed(suppression: Mapping[str, Any], at: datetime, *, suppressed: bool) -> Body:
    """An address was suppressed on a stream, or no longer is.

    A manual change has no message; being active again has no reason either.
    """
    row = suppression.get("Message") if suppressed else None
    return {
        "RecordType": "SubscriptionChange",
        "MessageID": row and row["MessageID"],
        "ServerID": SERVER_ID,
        "MessageStream": suppression["MessageStream"],
        "ChangedAt": postmark_time(at),
        "Recipient": suppression["EmailAddress"],
        "Origin": suppression["Origin"],
        "SuppressSending": suppressed,
        "SuppressionReason": suppression["SuppressionReason"] if suppressed else None,
        "Tag": row and row["Tag"],
        "Metadata": row["Metadata"] if row else {},
    }


def came_in(mail: Mapping[str, Any], at: datetime) -> Body:
    """A mail came to the server's inbound address."""
    sender, recipient = _mailbox(mail["from"]), _mailbox(mail["to"])
    return {
        "FromName": "",
        "MessageStream": "inbound",
        "From": sender["Email"],
        "FromFull": sender,
        "To": recipient["Email"],
        "ToFull": [recipient],
        "Cc": "",
        "CcFull": [],
        "Bcc": "",
        "BccFull": [],
        "OriginalRecipient": recipient["Email"],
        "Subject": mail.get("subject", ""),
        "MessageID": str(uuid4()),
        "ReplyTo": "",
        "MailboxHash": recipient["MailboxHash"],
        "Date": format_datetime(at),
        "TextBody": mail.get("text", ""),
        "HtmlBody": mail.get("html", ""),
        "StrippedTextReply": mail.get("reply", ""),
        "Tag": "",
        "Headers": [{"Name": name, "Value": value} for name, value in mail.get("headers", {}).items()],
        "Attachments": [],
    }


def _mailbox(address: str) -> Body:
    hashed = address.partition("@")[0].partition("+")[2]
    return {"Email": address, "Name": "", "MailboxHash": hashed}


def _about(kind: str, row: Row) -> Body:
    return {
        "RecordType": kind,
        "MessageStream": row["MessageStream"],
        "MessageID": row["MessageID"],
        "Recipient": row["To"],
        "Tag": row["Tag"],
        "Metadata": row["Metadata"],
    }

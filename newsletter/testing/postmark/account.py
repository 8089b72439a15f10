"""What Postmark has approved for this account, and the server as it shows it."""

from dataclasses import dataclass

from newsletter.testing.postmark.exchange import Reply, Request

SERVER_ID = 139630


@dataclass(frozen=True, slots=True)
class Approvals:
    """What the support has enabled.

    Attributes:
        bulk: the bulk API.
        custom_unsubscribe: own unsubscribe links and headers on broadcast streams.
    """

    bulk: bool = True
    custom_unsubscribe: bool = True


def server(_: Request) -> Reply:
    """Show the one server that the token belongs to."""
    return Reply(
        {
            "ID": SERVER_ID,
            "Name": "Loopback",
            "ApiTokens": [],
            "Color": "Grey",
            "SmtpApiActivated": False,
            "DeliveryType": "Sandbox",
            "TrackOpens": False,
            "TrackLinks": "None",
        }
    )

"""The kinds of bounces with their numbers, and which of them make Postmark stop sending."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BounceType:
    """One kind of bounce.

    Attributes:
        code: Postmark's number.
        name: in words.
        description: what it means.
        reason: why the address is suppressed then; None: it is not.
        origin: at whose wish.
    """

    code: int
    name: str
    description: str
    reason: str | None = None
    origin: str = "Recipient"

    @property
    def can_activate(self) -> bool:
        """Say whether the address can be made active again."""
        return self.reason != "SpamComplaint"


BOUNCE_TYPES: Mapping[str, BounceType] = {
    "HardBounce": BounceType(1, "Hard bounce", "There is no such mailbox.", "HardBounce"),
    "Transient": BounceType(2, "Message delayed", "The server will be tried again."),
    "Unsubscribe": BounceType(
        16, "Unsubscribe request", "The reader asked to be removed.", "ManualSuppression"
    ),
    "Subscribe": BounceType(32, "Subscribe request", "The reader asked to be added."),
    "AutoResponder": BounceType(64, "Auto responder", "A machine answered, such as a holiday."),
    "AddressChange": BounceType(128, "Address change", "The reader has another address now."),
    "DnsError": BounceType(256, "DNS error", "The domain could not be looked up."),
    "SpamNotification": BounceType(512, "Spam notification", "A filter took it for spam."),
    "OpenRelayTest": BounceType(1024, "Open relay test", "A test whether a server relays."),
    "Unknown": BounceType(2048, "Unknown", "The answer could not be understood."),
    "SoftBounce": BounceType(4096, "Soft bounce", "The mailbox does not take it for now."),
    "VirusNotification": BounceType(8192, "Virus notification", "A filter found a virus."),
    "ChallengeVerification": BounceType(16384, "Challenge", "The sender is to prove itself."),
    "BadEmailAddress": BounceType(100000, "Invalid email address", "No address looks like this."),
    "SpamComplaint": BounceType(
        100001, "Spam complaint", "The reader marked it as spam.", "SpamComplaint"
    ),
    "ManuallyDeactivated": BounceType(
        100002, "Manually deactivated", "The sender stopped it.", "ManualSuppression", "Customer"
    ),
    "Unconfirmed": BounceType(100003, "Registration not confirmed", "The sender is unconfirmed."),
    "Blocked": BounceType(100006, "ISP block", "The provider refuses this sender."),
    "SMTPApiError": BounceType(100007, "SMTP API error", "SMTP took it and the API did not."),
    "InboundError": BounceType(100008, "Processing failed", "An inbound message got stuck."),
    "DMARCPolicy": BounceType(100009, "DMARC policy", "The sender's own policy forbids it."),
    "TemplateRenderingFailed": BounceType(
        100010, "Template rendering failed", "The template could not be filled."
    ),
}
"""All kinds by Postmark's name."""

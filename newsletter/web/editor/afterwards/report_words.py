"""What the books and the provider call things, in people's words; a code that is not known stays."""

from collections.abc import Mapping

from newsletter.feedback.meanings import OfCopy, Reason

STATES: Mapping[str, str] = {
    "accepted": "taken",
    "rejected": "refused",
    "skipped": "not written to",
    "held": "held",
    "unknown": "in doubt",
    "queued": "waiting",
}

OF_COPIES: Mapping[str, str] = {
    "active": "would get letters again",
    "paused": "pausing by then",
    "unsubscribed": "had left by then",
    "bounced": "their mailbox was gone by then",
    "complained": "had called a letter spam by then",
    "suppressed": "suppressed by then",
    "erased": "erased by then",
    "pending": "had not said yes again",
    "monthly": "wait for the first issue of the month",
    "no-followed-tool": "none of the tools they follow was in it",
    "no-chosen-topic": "nothing on the topics they chose was in it",
    "cancelled": "the issue was given up",
    "decided": "an editor decided so",
    "406": "the provider writes to this mailbox no more",
    "300": "the provider calls the address invalid",
    "sent-twice": "got it twice",
    "was-skipped": "were to get none, and got one",
    "was-rejected": "counted as refused, and got it",
}

AFTERWARDS: Mapping[str | None, str] = {
    OfCopy.DELIVERED: "arrived",
    OfCopy.DEFERRED: "still being tried",
    OfCopy.SOFT_BOUNCED: "came back, perhaps not for good",
    OfCopy.REJECTED: "refused by the receiving server",
    OfCopy.FAILED: "never left the provider",
    OfCopy.BOUNCED: "came back for good",
    OfCopy.COMPLAINED: "called spam",
    None: "no word yet",
}

REASONS: Mapping[str, str] = {
    Reason.HARD_BOUNCE: "there is no such mailbox",
    Reason.BAD_ADDRESS: "the address is none",
    Reason.SPAM_COMPLAINT: "the reader pressed “spam”",
    Reason.DEACTIVATED: "suppressed at the provider by hand",
    Reason.SOFT_BOUNCE: "full, or closed for a while",
    Reason.SOFT_BOUNCE_FINAL: "not to be reached for so long that the provider gave up",
    Reason.DNS_ERROR: "the domain could not be found",
    Reason.TRANSIENT: "a delay; the last word follows",
    Reason.SPAM_NOTIFICATION: "a filter took it for spam",
    Reason.BLOCKED: "our sender is blocked there",
    Reason.DMARC_POLICY: "our own DNS told the server to refuse it",
    Reason.VIRUS: "a filter took it for a virus",
    Reason.UNCONFIRMED_SENDER: "the provider does not know our sender",
    Reason.UNCLEAR: "the server gave no clear reason",
    Reason.NOT_TAKEN: "the provider did not take it",
    Reason.NOT_TAKEN_SUPPRESSED: "inactive: the provider writes to this mailbox no more",
    Reason.NOT_TAKEN_BOUNCED: "inactive after an earlier bounce",
    Reason.NOT_TAKEN_COMPLAINED: "inactive after an earlier complaint",
    Reason.NOT_RENDERED: "the provider could not write it",
}

WAYS: Mapping[str, str] = {
    "one-click": "by the button of their mail program",
    "page": "by its link, and the button of our page",
    "mailto": "by a mail to their own address for leaving",
    "reply": "by a reply that says stop",
    "provider": "at the provider",
    "preferences": "on the page of their preferences",
}


def of_copies(code: str | None) -> str:
    """Say why copies are in the state that they are in."""
    if code and code.startswith("deferred-"):
        return "refused again and again while others left"
    return OF_COPIES.get(code or "", code or "")

"""What editors are told of trouble that lasts: with filters, with DNS, with the form, with silence."""

from datetime import date

from newsletter.delivery.silence import Silence
from newsletter.editor_notices.occasion import Occasion, copies_of


def unusually_many(today: date) -> Occasion:
    """Tell that the forms are asked for more than they may bring about, once a day."""
    return Occasion(
        f"sign-ups {today}",
        "Unusually many people ask for the newsletter",
        (
            (
                "More addresses were typed into the forms than letters may leave for in an hour, so it "
                "may be a robot. The rest waits, for a day at most: who has a browser with scripts "
                "proves with a second of computing to be serious, and is served at once."
            ),
            "Nothing needs to be done. If they are real people, raise the numbers.",
        ),
        ("NEWSLETTER_CONFIRMATIONS_PER_HOUR", "NEWSLETTER_CONFIRMATIONS_UNPROVEN"),
    )


def refused_for(number: int, alarm: str, copies: int, today: date) -> Occasion:
    """Tell that copies are refused for what we are, or for what we wrote; once a day."""
    title, meaning = _ALARMS[alarm]
    return Occasion(
        f"{alarm} {number} {today}",
        f"Issue {number}: {title}",
        (
            f"The provider tells so of {copies_of(copies)}. {meaning}",
            "No reader is to blame for it, so nobody was taken off the list.",
        ),
        (f"newsletter issue report {number}", "newsletter doctor"),
    )


def never_heard_of(missed: Silence) -> Occasion:
    """Tell, once for each issue, that the provider took copies and says nothing of them since."""
    number = missed.issue
    return Occasion(
        f"silent {number}",
        f"Issue {number}: {copies_of(missed.copies)} never heard of again",
        (
            (
                f"The provider accepted {copies_of(missed.accepted)}. Of {missed.copies} it has told since "
                "neither that they arrived nor that they came back, and a day is over."
            ),
            (
                "Its webhooks may not reach this service, or it has dropped the copies: compare a few "
                "of them with its own list. Nothing is sent again by itself."
            ),
        ),
        (f"newsletter issue copies {number} --only silent", "newsletter doctor"),
    )


def confirmations_refused(bounced: int, complained: int, today: date) -> Occasion:
    """Tell that the form seems to be used against others, once a day."""
    return Occasion(
        f"confirmations {today}",
        "Confirmation letters come back",
        (
            (
                f"Of the confirmation letters of the last day, {bounced} found no mailbox and "
                f"{complained} were called spam. Somebody may type addresses of others into the form."
            ),
            (
                "Each of these addresses gets nothing more. If it goes on, let fewer letters leave in "
                "an hour, or the provider may stop all of ours."
            ),
        ),
        ("NEWSLETTER_CONFIRMATIONS_PER_HOUR", "NEWSLETTER_CONFIRMATIONS_PER_DOMAIN"),
    )


def suppressions_missed(missed: int, today: date) -> Occasion:
    """Tell that a list of the provider lacks too many addresses to be believed, once a day."""
    return Occasion(
        f"suppressions {today}",
        f"The provider's list lacks {missed} addresses",
        (
            (
                f"{missed} readers are off the list because the provider had stopped writing to them, "
                "and its own list of such addresses lacks them now. So many at once look like a list "
                "that came cut, or of another account: nobody was brought back."
            ),
            (
                "If somebody really had all of them reactivated there, look with the first command "
                "how many they are, and bring them back with the second."
            ),
        ),
        (
            "newsletter subscribers sync --believe --dry-run",
            "newsletter subscribers sync --believe",
        ),
    )


_ALARMS = {
    "content": (
        "filters take it for spam",
        "Look at what its words and its links have in common with spam, before the next one.",
    ),
    "sender": (
        "servers refuse us as a sender",
        "See whether our domain or the provider's servers are on a block list.",
    ),
    "dns": (
        "our own DNS has it refused",
        "It is paused. Mend SPF, DKIM and DMARC of the From domain, then resume it.",
    ),
    "configuration": (
        "the provider does not know our sender",
        "Confirm the From address at the provider.",
    ),
}
"""By alarm: what happened, and what to do."""

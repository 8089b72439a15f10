"""Why somebody does not get in, or something about editors is not done."""

from newsletter.errors import NewsletterError


class UnknownEditor(NewsletterError):
    """There is no such editor; see: newsletter editors list."""

    code = "unknown-editor"


class AlreadyEditor(NewsletterError):
    """They are an editor of another role already; change it with: newsletter editors role."""

    code = "already-editor"


class NotYourself(NewsletterError):
    """Nobody changes their own role or removes themself: so an owner always stays."""

    code = "not-yourself"


class NoOwnerAnyMore(NewsletterError):
    """You are no owner any more; nothing was changed."""

    code = "no-owner-any-more"


class UnknownLink(NewsletterError):
    """This is no link of ours, or it was forgotten long ago; ask for another one."""

    code = "unknown-link"


class LinkOver(NewsletterError):
    """The link was used, or is too old; ask for another one."""

    code = "link-over"


class RefusedPasskey(NewsletterError):
    """The passkey was not accepted; try once more, or sign in by a mailed link."""

    code = "refused-passkey"

"""``newsletter subscribers``: leaving on somebody's behalf: unsubscribed, suppressed, erased."""

from typing import Annotated

import typer
from sqlmodel import Session

from newsletter import personal_data
from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, print_json, service
from subscribers import queries
from subscribers.address import Address, mask
from subscribers.consent import Actor
from subscribers.errors import UnknownSubscriber
from subscribers.models import Subscriber
from subscribers.suppression import release as release_address
from subscribers.suppression import suppress as suppress_address
from subscribers.unsubscribe import unsubscribe as unsubscribe_person
from subscribers.withdrawing import withdraw_links

app = new_group("Leaving, on somebody's behalf.")

Wanted = Annotated[str, typer.Argument(metavar="ADDRESS|ID", help="An address, or a public id.")]
Given = Annotated[str, typer.Argument(metavar="ADDRESS", help="An e-mail address.")]
Reason = Annotated[str, typer.Option(help="Why, for whoever reads the list later.")]


@app.command()
def unsubscribe(person: Wanted, *, json: Json = False) -> None:
    """Unsubscribe somebody who asked for it; only their own new yes brings them back."""
    wired = service()
    done = wired.database.write(
        lambda session: unsubscribe_person(
            session,
            find(session, person).public_id,
            now=wired.clock(),
            source="operator",
            actor=Actor.OPERATOR,
        )
    )
    _answer(done.address, "unsubscribed", changed=not done.already, json=json)


@app.command()
def suppress(address: Given, *, reason: Reason, json: Json = False) -> None:
    """Keep an address from ever getting letters; imports and sign-ups do not lift it."""
    wired, parsed = service(), Address.parse(address)
    new = wired.database.write(
        lambda session: suppress_address(
            session, parsed, pepper=wired.pepper, now=wired.clock(), note=reason
        )
    )
    _answer(mask(parsed.text), "suppressed", changed=new, json=json)


@app.command()
def release(address: Given, *, reason: Reason, json: Json = False) -> None:
    """Lift a suppression, a bounce or a complaint; letters still need the person's own yes."""
    wired, parsed = service(), Address.parse(address)
    lifted = wired.database.write(
        lambda session: release_address(
            session, parsed, pepper=wired.pepper, now=wired.clock(), reason=reason
        )
    )
    if lifted or json:
        _answer(mask(parsed.text), "released", changed=lifted, json=json)
    else:
        typer.echo(f"nothing stood against {mask(parsed.text)}; nothing was changed")


@app.command()
def erase(
    person: Wanted,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Forget somebody: all that stays is a keyed hash that keeps imports from undoing it."""
    if not yes:
        typer.confirm("This cannot be undone. Erase?", abort=True)
    wired = service()

    def forget(session: Session) -> tuple[str, bool]:
        found = find(session, person)
        shown = mask(found.email or "")
        return shown, personal_data.erase(
            session, found.public_id, now=wired.clock(), actor=Actor.OPERATOR
        )

    shown, gone = wired.database.write(forget)
    _answer(shown, "erased", changed=gone, json=json)


@app.command("withdraw-links")
def withdraw(person: Wanted, *, json: Json = False) -> None:
    """Let all links in somebody's letters lead nowhere, except those for leaving; later letters have new ones."""
    wired = service()
    with wired.database.writing() as session:
        found = withdraw_links(session, find(session, person).public_id)
    address = mask(found.email or "")
    if json:
        print_json({"address": address, "withdrawn": True})
    else:
        typer.echo(f"the links of {address} lead nowhere now, except those for leaving")


def find(session: Session, wanted: str) -> Subscriber:
    """Find somebody by address or public id.

    Raises:
        UnknownSubscriber: when nobody has it.
    """
    if "@" in wanted:
        found = queries.by_address(session, Address.parse(wanted))
    else:
        found = queries.by_public_id(session, wanted)
    if found is None:
        raise UnknownSubscriber
    return found


def _answer(address: str, what: str, *, changed: bool, json: bool) -> None:
    if json:
        print_json({"address": address, what: True, "changed": changed})
    else:
        typer.echo(f"{address} {'is now' if changed else 'was already'} {what}")

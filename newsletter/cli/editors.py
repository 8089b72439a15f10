"""``newsletter editors``: who may sign in to the editors' pages, as what, and where they are signed in."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, print_json, print_lines, service
from newsletter.editors import accounts, acts, entering, links, passkeys, sessions
from newsletter.editors.acts import COMMAND, Act
from newsletter.editors.models import Editor
from newsletter.editors.roles import MEANINGS, Role
from subscribers.address import Address

app = new_group("Say who may sign in to the editors' pages.")

Given = Annotated[str, typer.Argument(metavar="ADDRESS", help="An e-mail address.")]
Chosen = Annotated[
    Role, typer.Option(help="; ".join(f"{role}: {meaning}" for role, meaning in MEANINGS.items()))
]


@app.command()
def add(address: Given, *, role: Chosen, json: Json = False) -> None:
    """Let somebody in; nobody is mailed: they ask for a link on the sign-in page."""
    wired, parsed = service(), Address.parse(address)
    with wired.database.writing() as session:
        editor, new = accounts.add(
            session, parsed, role, pepper=wired.pepper, actor=COMMAND, now=wired.clock()
        )
    page = f"{wired.settings.base_url}/editor"
    if json:
        print_json({"id": editor.id, "role": role, "added": new, "page": page})
        return
    news = "may sign in now" if new else "could sign in already"
    print_lines([f"{parsed.text} {news}, as {role}: {page}"])


@app.command("list")
def list_(*, json: Json = False) -> None:
    """List who may sign in, and who was removed."""
    wired = service()
    now = wired.clock()
    with wired.database.reading() as session:
        known = [
            {
                "id": editor.id,
                "address": editor.email,
                "role": editor.role if editor.disabled_at is None else None,
                "added_at": editor.created_at,
                "removed_at": editor.disabled_at,
                "passkeys": len(passkeys.of_editor(session, editor.number)),
                "sessions": len(sessions.of_editor(session, editor.number, now=now)),
            }
            for editor in accounts.everybody(session)
        ]
    if json:
        print_json(known)
    else:
        print_lines([_line(one) for one in known])


@app.command()
def role(
    address: Given,
    role: Annotated[Role, typer.Argument(help="What they become.")],
    *,
    json: Json = False,
) -> None:
    """Make somebody something else; they are signed out everywhere and sign in again as that."""
    wired, parsed = service(), Address.parse(address)
    with wired.database.writing() as session:
        editor = accounts.active_by_address(session, parsed)
        changed = accounts.change_role(session, editor, role, actor=COMMAND, now=wired.clock())
    if json:
        print_json({"id": editor.id, "role": role, "changed": changed})
    else:
        print_lines([f"{parsed.text} is {'now' if changed else 'already'} {role}"])


@app.command()
def remove(address: Given, *, json: Json = False) -> None:
    """Shut somebody out at once: sessions, links and passkeys of theirs end."""
    wired, parsed = service(), Address.parse(address)
    with wired.database.writing() as session:
        editor = accounts.active_by_address(session, parsed)
        accounts.remove(session, editor, actor=COMMAND, now=wired.clock())
    if json:
        print_json({"id": editor.id, "removed": True})
    else:
        print_lines([f"{parsed.text} cannot sign in any more"])


@app.command()
def link(address: Given, *, json: Json = False) -> None:
    """Print a link that signs somebody in once, for the day when mail is down."""
    wired, parsed = service(), Address.parse(address)
    now = wired.clock()
    with wired.database.writing() as session:
        editor = accounts.active_by_address(session, parsed)
        token = links.make(session, editor, now=now)
        acts.note(session, COMMAND, Act.LINK_MADE, acts.named(editor.number), now=now)
    address_of = f"{wired.settings.base_url}/editor/sign-in/{token}"
    if json:
        print_json({"link": address_of, "expires_at": now + links.GOOD_FOR})
        return
    minutes = links.GOOD_FOR // timedelta(minutes=1)
    print_lines([address_of])
    typer.echo(f"good once, for {minutes} minutes; whoever has it signs in as them", err=True)


@app.command("sessions")
def sessions_(address: Given, *, json: Json = False) -> None:
    """List where somebody is signed in."""
    wired, parsed = service(), Address.parse(address)
    with wired.database.reading() as session:
        editor = accounts.by_address(session, parsed)
        found = sessions.of_editor(session, editor.number, now=wired.clock())
        known = [
            one.model_dump(include={"id", "way", "created_at", "seen_at", "fresh_at"})
            for one in found
        ]
    if json:
        print_json(known)
    else:
        print_lines(
            [
                f"{one['id']:>5}  by {one['way']}, signed in {_instant(one['created_at'])}, "
                f"seen {_instant(one['seen_at'])}"
                for one in known
            ]
        )


@app.command("sign-out")
def sign_out(address: Given, *, json: Json = False) -> None:
    """Sign somebody out everywhere; open links of theirs end, too."""
    wired, parsed = service(), Address.parse(address)
    with wired.database.writing() as session:
        editor: Editor = accounts.by_address(session, parsed)
        ended = entering.end_sessions(session, editor, COMMAND, now=wired.clock())
    if json:
        print_json({"id": editor.id, "ended": ended})
    else:
        print_lines([f"{ended} sessions of {parsed.text} ended"])


def _line(one: dict[str, Any]) -> str:
    shown = one["role"] or f"removed {_instant(one['removed_at'])}"
    return (
        f"{one['id']:>5}  {shown:<7} {one['address']}  "
        f"({one['passkeys']} passkeys, signed in {one['sessions']} times)"
    )


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"

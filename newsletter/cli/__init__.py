"""Door: the commands. Each parses its words, calls one use case, and prints the answer."""

from newsletter.cli import (
    content,
    database,
    demo,
    doctor,
    editors,
    issues,
    schedule,
    serve,
    subscribers,
    worker,
)
from newsletter.cli.commands import new_group

app = new_group("Make, check and deliver a weekly newsletter of comparisons.")
app.add_typer(content.app, name="content")
app.add_typer(issues.app, name="issue")
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(editors.app, name="editors")
app.add_typer(schedule.app, name="schedule")
app.add_typer(database.app, name="db")
app.command()(demo.demo)
app.command()(serve.serve)
app.command()(worker.worker)
app.command()(doctor.doctor)

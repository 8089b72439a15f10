"""One card of an issue: its sentences and quotes, by the rules or in an editor's words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from fastapi.responses import HTMLResponse, Response

from newsletter.content.comparison import CatalogueEntry
from newsletter.errors import NewsletterError
from newsletter.issues import frozen, store
from newsletter.issues.composing import Composer
from newsletter.issues.models import ComposingStep
from newsletter.issues.rewording import (
    MAY_BE_LEFT_OUT,
    SLOTS,
    CardPart,
    NotInSource,
    UnusableWords,
    Words,
    require_faithful,
    usable,
)
from newsletter.rendering.plain import plain
from newsletter.web.editor.composing import compose
from newsletter.web.editor.composing.card import (
    NONE,
    OWN,
    QUOTE,
    RULES,
    CardPage,
    gather_card,
    sentences_of,
)
from newsletter.web.editor.composing.compose import NOT_KEPT, ByPart, Told
from newsletter.web.editor.composing.composer import (
    PREFIX,
    AtIssue,
    EditorAtIssue,
    entry,
    refusal_of,
    spot,
    typed_in,
)
from newsletter.web.editor.framing import may_frame
from newsletter.web.editor.issue.issues import issue_or_404
from newsletter.web.editor.issue.standing import standing
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.parts import Form, FormPart

router = APIRouter(prefix=PREFIX, include_in_schema=False)

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]

SENTENCES: Mapping[CardPart, str] = {
    CardPart.VERDICT: "First sentence: what the numbers say",
    CardPart.CASE: "Second sentence: the case for and against",
}


@router.get("/{comparison_id}")
def show(at: EditorAtIssue, comparison_id: RowId, done: str = "") -> HTMLResponse:
    """Show what stands on a card, and what else could."""
    answer = _page(at, comparison_id, Told(done=done))
    if answer is None:
        raise HTTPException(404)
    return answer


@router.post("/{comparison_id}/sentences")
def say(at: EditorAtIssue, comparison_id: RowId, form: FormPart) -> Response:
    """Say the two sentences; an empty first one goes back to the rules, as both do when asked."""
    typed = typed_in(form, SENTENCES)

    def words(by: Composer) -> Mapping[CardPart, Words | None]:
        if "back" in form:
            return dict.fromkeys(SENTENCES)
        return _differing(by, comparison_id, typed)

    return _after(at, comparison_id, form, words, Told(typed=typed))


@router.post("/{comparison_id}/quote")
def quote(at: EditorAtIssue, comparison_id: RowId, form: FormPart) -> Response:
    """Choose what stands in one of the four places: a quote, own words, nothing, or by the rules."""
    part = next((one for one in SLOTS if one.value == form.get("part")), CardPart.FOR_A)
    choice, own = form.get("choice", ""), form.get("own", "")

    def words(_by: Composer) -> Mapping[CardPart, Words | None]:
        return {part: _chosen(part, choice, own)}

    return _after(at, comparison_id, form, words, Told(typed={part: choice, OWN: own}))


class NotKept(NewsletterError):
    """What was typed cannot stand there; ``errors`` says why, by part."""

    code = "not-kept"

    def __init__(self, errors: ByPart) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def _after(
    at: AtIssue,
    row_id: int,
    form: Form,
    words: Callable[[Composer], Mapping[CardPart, Words | None]],
    told: Told,
) -> Response:
    """Say something else on a card, and lead to where it is seen; or say why not, with what was typed."""

    def do(by: Composer) -> ComposingStep | None:
        one, said = entry(by.session, str(row_id)), words(by)
        if errors := {part: why for part, text in said.items() if (why := _fault(one, part, text))}:
            raise NotKept(errors)
        return by.reword_card(one, said)

    try:
        step = at.change(form, do)
    except NotKept as error:
        told, status = replace(told, problem=NOT_KEPT, errors=error.errors), 422
    except NewsletterError as error:
        told, status = replace(told, problem=refusal_of(error)), 409
    else:
        return see(f"{at.path}/{row_id}?done={'changed' if step else 'same'}{spot(form)}")
    return _page(at, row_id, told, status=status) or compose.page(
        at, replace(told, kept=[*told.typed.values()]), status=status
    )


def _page(at: AtIssue, row_id: int, told: Told, *, status: int = 200) -> HTMLResponse | None:
    """Render the page; None when no card of the issue is about that comparison."""
    with at.service.database.reading() as session:
        issue = issue_or_404(session, at.number)
        found = standing(session, at.service.desk, issue, at.visit.now)
        shown = None if found.is_over else gather_card(session, at.service, issue, row_id)
    if shown is None:
        return None
    answer = editor_page(
        at.service,
        at.visit,
        "compose_card.html",
        status=status,
        page=_with_what_was_typed(shown, told),
        standing=found,
        called=SENTENCES,
        news=compose.DONE.get(told.done, ""),
        is_news=told.done == "changed",
        told=told,
    )
    return may_frame(answer)


def _with_what_was_typed(shown: CardPage, told: Told) -> CardPage:
    fields = [
        replace(one, typed=told.typed.get(one.part), error=told.errors.get(one.part, ""))
        for one in shown.fields
    ]
    slots = [
        replace(
            one,
            chosen=told.typed[one.part],
            own=told.typed.get(OWN, ""),
            error=told.errors.get(one.part, ""),
        )
        if one.part in told.typed
        else one
        for one in shown.slots
    ]
    return replace(shown, fields=fields, slots=slots)


def _differing(
    by: Composer, row_id: int, typed: Mapping[CardPart, str]
) -> Mapping[CardPart, Words | None]:
    """Give the sentences that read otherwise than in the letter."""
    view = frozen.readable(store.get(by.session, by.number))
    cards = [card for card in (view.cards if view else ()) if card.entry_id == row_id]
    now = {part: text for card in cards for part, text in sentences_of(card).items()}
    return {
        part: Words(text) if plain(text) or part in MAY_BE_LEFT_OUT else None
        for part, text in typed.items()
        if plain(text) != now.get(part)
    }


def _chosen(part: CardPart, choice: str, own: str) -> Words | None:
    if choice == RULES:
        return None
    if choice == NONE:
        return Words("")
    if choice == OWN and plain(own):
        return Words(own, own_words=True)
    if choice.startswith(QUOTE):
        return Words(choice.removeprefix(QUOTE))
    missing = "write them first, or leave it out" if choice == OWN else "choose one of these"
    raise NotKept({part: missing})


def _fault(one: CatalogueEntry, part: CardPart, words: Words | None) -> str:
    try:
        if words is not None:
            require_faithful(one.comparison, part, usable(part, words))
    except (UnusableWords, NotInSource) as error:
        return str(error)
    return ""

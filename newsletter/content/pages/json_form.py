"""Comparison JSON, by the schema in docs/comparison-json.md: what `content list --json` prints."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Self

import orjson
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    model_validator,
)

from newsletter.content.addresses import provisional_slug
from newsletter.content.comparison import Comparison, DateOrigin, Quote, Side, Tool
from newsletter.content.pages.json_fields import Day, OneLine, Percent, Slug, Tally, Words
from newsletter.content.refusals import Refusal, Unreadable

MOST_COMPARISONS = 5_000
"""In one document: what one transaction saves in a few seconds."""

MOST_REFUSALS = 100
"""Listed for one document, each with its reason."""

MOST_PROBLEMS = 20
"""Named for one comparison."""

LONGEST_PATH = 200
"""Characters of a path that are shown: its names come from the document."""


class _Strict(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class ToolForm(_Strict):
    """One side; null or a missing field means "unknown"."""

    slug: Slug
    name: OneLine
    category: OneLine | None = None
    tagline: OneLine | None = None
    panel_percent: Percent | None = None
    community_percent: Percent | None = None
    entry: OneLine | None = None
    description: Words | None = None
    provisional: StrictBool | None = None
    reviewed_on: Day | None = None
    price: OneLine | None = None
    ships: Tally | None = None
    skips: Tally | None = None

    def tool(self) -> Tool:
        """Give the value; a slug that is no more than the name is taken as made from it."""
        fields = self.model_dump()
        if self.provisional is None:
            fields["provisional"] = self.slug == provisional_slug(self.name)
        return Tool(**fields)


class QuoteForm(_Strict):
    """What one reviewer said."""

    side: Side
    position: Annotated[int, Field(ge=1, le=1000, strict=True)]
    text: Words
    complete: StrictBool = True


class ComparisonForm(_Strict):
    """A pair of tools, as `content list --json` prints it."""

    slug_a: Slug
    slug_b: Slug
    tool_a: ToolForm
    tool_b: ToolForm
    quotes: list[QuoteForm] = Field(default=[], max_length=200)
    date: Day | None = None
    date_origin: DateOrigin | None = None
    first_seen: dt.datetime | None = None

    @model_validator(mode="after")
    def _must_agree(self) -> Self:
        if (self.slug_a, self.slug_b) != (self.tool_a.slug, self.tool_b.slug):
            raise ValueError("slug_a and slug_b must be the slugs of tool_a and tool_b")
        if self.slug_a == self.slug_b:
            raise ValueError("a tool cannot be compared with itself")
        places = [(quote.side, quote.position) for quote in self.quotes]
        if len(places) != len(set(places)):
            raise ValueError("two quotes have the same side and position")
        return self

    def comparison(self) -> Comparison:
        """Give the value; a date that was only the day of a first import is not the page's."""
        return Comparison(
            tool_a=self.tool_a.tool(),
            tool_b=self.tool_b.tool(),
            quotes=tuple(Quote(**quote.model_dump()) for quote in self.quotes),
            published_on=None if self.date_origin == "first_seen" else self.date,
        )


def read_json(text: str, *, source: str) -> Iterator[Comparison | Refusal]:
    """Read one comparison, a list of them, or {"comparisons": […]}; each is judged by itself.

    Not all of many refusals are listed: a big document must not make a bigger report.

    Raises:
        Unreadable: the text is not JSON, nothing that could hold comparisons, or too many.
    """
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"not valid JSON: {error.msg}", line=error.lineno) from error
    unlisted = -MOST_REFUSALS
    for path, item in _items(document):
        try:
            yield ComparisonForm.model_validate(item).comparison()
        except ValidationError as error:
            unlisted += 1
            if unlisted <= 0:
                yield Refusal(_place(source, path), _reason(path, error))
    if unlisted > 0:
        yield Refusal(source, f"and {unlisted} more are wrong")


def openapi_body() -> dict[str, Any]:
    """Describe the body of a request that pushes comparisons, for an OpenAPI document."""
    one = _without_references(ComparisonForm.model_json_schema())
    many = {"type": "array", "items": one}
    wrapped = {
        "type": "object",
        "properties": {"comparisons": many},
        "required": ["comparisons"],
        "additionalProperties": False,
    }
    schema = {"anyOf": [one, many, wrapped]}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _without_references(schema: dict[str, Any]) -> dict[str, Any]:
    """Put definitions where they are used: inside another document, references lead nowhere."""
    definitions = schema.pop("$defs", {})

    def inlined(node: Any) -> Any:
        if isinstance(node, dict) and "$ref" in node:
            return inlined(definitions[node["$ref"].rpartition("/")[2]])
        if isinstance(node, dict):
            return {key: inlined(value) for key, value in node.items()}
        return [inlined(value) for value in node] if isinstance(node, list) else node

    plain: dict[str, Any] = inlined(schema)
    return plain


def _items(document: object) -> list[tuple[str, object]]:
    match document:
        case {"comparisons": list(items), **rest} if not rest:
            return _numbered("comparisons", items)
        case list(items):
            return _numbered("", items)
        case {}:
            return [("", document)]
        case _:
            raise Unreadable(
                "the JSON is neither a comparison, a list of them, nor {“comparisons”: […]}; "
                "see docs/comparison-json.md",
                line=1,
            )


def _numbered(path: str, items: list[object]) -> list[tuple[str, object]]:
    if len(items) > MOST_COMPARISONS:
        raise Unreadable(
            f"{len(items)} comparisons in one document; split it into parts of {MOST_COMPARISONS}"
        )
    return [(f"{path}[{at}]", item) for at, item in enumerate(items)]


def _place(source: str, path: str) -> str:
    return f"{source} {path}" if path else source


def _reason(path: str, error: ValidationError) -> str:
    """Name the JSON path of everything that is wrong, so that one look mends it."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    named = [
        f"{_json_path(path, problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in problems[:MOST_PROBLEMS]
    ]
    more = len(problems) - len(named)
    return "; ".join([*named, f"and {more} more"] if more else named)


def _json_path(path: str, keys: tuple[Any, ...]) -> str:
    steps = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    whole = (path + "".join(steps)).removeprefix(".") or "the object"
    return whole if len(whole) <= LONGEST_PATH else f"{whole[:LONGEST_PATH]}…"

"""Templates kept by the loopback Postmark, found by number or alias."""

import itertools
from collections.abc import Mapping
from typing import Any

from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.mustachio import TemplateError, check, render
from newsletter.testing.postmark.paging import page
from newsletter.testing.postmark.shapes import an_object

MOST_TEMPLATES = 100
_PARTS = ("Subject", "HtmlBody", "TextBody")
_LISTED = ("TemplateId", "Name", "Active", "Alias", "TemplateType", "LayoutTemplate")


class Templates:
    """The templates of the one server."""

    def __init__(self) -> None:
        self._numbers = itertools.count(983381)
        self._templates: dict[int, dict[str, Any]] = {}

    def find(self, name: str | int) -> dict[str, Any]:
        """Give a template by its number or alias.

        Raises:
            Refused: when there is none.
        """
        by_number = str(name).isdigit()
        for template in self._templates.values():
            if str(name) == str(template["TemplateId"] if by_number else template["Alias"]):
                return template
        named = "'TemplateId'" if by_number else "Template's 'Alias'"
        raise Refused(
            1101,
            f"The {named} associated with this request is not valid or was not found.",
            field="TemplateId" if by_number else "TemplateAlias",
        )

    def get(self, _: Request, name: str) -> Reply:
        """Show a template with its content."""
        return Reply(self.find(name))

    def all(self, request: Request) -> Reply:
        """List templates."""
        wanted = page(request.query)
        listed = [_listed(template) for template in self._templates.values()]
        return Reply({"TotalCount": len(listed), "Templates": listed[wanted]})

    def create(self, request: Request) -> Reply:
        """Keep a new template."""
        fields = an_object(request)
        if len(self._templates) >= MOST_TEMPLATES:
            raise Refused(1105, "You may not have more than 100 templates on a server.")
        if not fields.get("Name") or not (fields.get("HtmlBody") or fields.get("TextBody")):
            raise Refused(1120, "A required template field is missing.")
        self._check(fields, own=None)
        number = next(self._numbers)
        self._templates[number] = {
            "TemplateId": number,
            "Alias": None,
            "AssociatedServerId": 139630,
            "Active": True,
            "TemplateType": "Standard",
            "LayoutTemplate": None,
            **{name: fields.get(name) for name in ("Name", *_PARTS)},
            **({"Alias": fields["Alias"]} if fields.get("Alias") else {}),
        }
        return Reply(_listed(self._templates[number]))

    def edit(self, request: Request, name: str) -> Reply:
        """Change the given fields of a template."""
        template, fields = self.find(name), an_object(request)
        self._check(fields, own=template)
        template |= {
            key: fields[key] for key in ("Name", "Alias", *_PARTS) if fields.get(key) is not None
        }
        return Reply(_listed(template))

    def delete(self, _: Request, name: str) -> Reply:
        """Remove a template."""
        number = self.find(name)["TemplateId"]
        del self._templates[number]
        return Reply({"ErrorCode": 0, "Message": f"Template {number} removed."})

    def validate(self, request: Request) -> Reply:
        """Parse and test-render content without keeping it."""
        fields = an_object(request)
        model = fields.get("TestRenderModel") or {}
        parts = {name: _validated(name, fields.get(name), model) for name in _PARTS}
        valid = all(part["ContentIsValid"] for part in parts.values() if part)
        return Reply({"AllContentIsValid": valid, **parts, "SuggestedTemplateModel": {}})

    def _check(self, fields: Mapping[str, Any], own: Mapping[str, Any] | None) -> None:
        # The number is a guess: Postmark documents that an alias is unique, but not its refusal.
        aliases = {other["Alias"] for other in self._templates.values() if other is not own}
        if fields.get("Alias") and fields["Alias"] in aliases:
            raise Refused(1122, "The alias is already in use by another template.")
        try:
            for name in _PARTS:
                check(fields.get(name) or "")
        except TemplateError as error:
            raise Refused(1122, str(error)) from None


def _listed(template: Mapping[str, Any]) -> dict[str, Any]:
    return {name: template[name] for name in _LISTED}


def _validated(name: str, content: str | None, model: Mapping[str, Any]) -> dict[str, Any] | None:
    if content is None:
        return None
    try:
        rendered = render(content, model, escape=name == "HtmlBody")
    except TemplateError as error:
        problem = {"Message": str(error), "Line": 1, "CharacterPosition": 1}
        return {"ContentIsValid": False, "ValidationErrors": [problem], "RenderedContent": None}
    return {"ContentIsValid": True, "ValidationErrors": [], "RenderedContent": rendered}

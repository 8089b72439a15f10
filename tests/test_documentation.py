"""The documents are held to the code; ``python -m tests.test_documentation`` renews the table."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from newsletter.settings import Settings, outside_name

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
MARK = "<!-- settings: checked against newsletter/settings.py by tests/test_documentation.py -->\n"


def settings_table() -> str:
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        assert default is not PydanticUndefined
        shown = "" if default in (None, "") or isinstance(default, SecretStr) else f"`{default}`"
        rows.append(f"| `{outside_name(name)}` | {shown} | {field.description} |")
    return "\n".join(rows) + "\n"


def test_the_readme_has_every_setting_with_its_default_and_meaning():
    assert settings_table() in README.read_text()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/GLOSSARY.md"])
def test_every_file_a_document_names_exists(document):
    text = (ROOT / document).read_text()
    named = {
        word
        for word in text.replace("`", " ").replace("(", " ").replace(")", " ").split()
        if word.startswith(("newsletter/", "subscribers/", "schedules/", "templates/", "docs/"))
    }

    missing = sorted(word for word in named if not (ROOT / word.rstrip(",.;:")).exists())

    assert missing == []


if __name__ == "__main__":
    before, _, _ = README.read_text().partition(MARK)
    README.write_text(f"{before}{MARK}\n{settings_table()}")

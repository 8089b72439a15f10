from newsletter.rendering.notice import render_notice


def test_a_notice_has_paragraphs_to_read_and_lines_to_copy() -> None:
    command = f"newsletter issue preflight 12 --{'x' * 80}"

    notice = render_notice(
        title="Issue 12 is held",
        paragraphs=["Nobody has been sent anything. " * 4],
        lines=["quote-not-in-source", command],
        brand_name="The Weekly Verdict",
    )

    assert notice.subject == "The Weekly Verdict: Issue 12 is held"
    assert f"\n  quote-not-in-source\n  {command}\n" in notice.text
    assert "\n-- \n" in notice.text


def test_a_title_cannot_break_the_subject_line() -> None:
    notice = render_notice(title="Held\r\nBcc: all", brand_name="Verdict {{ x }}")

    assert notice.subject == "Verdict { { x } }: Held Bcc: all"

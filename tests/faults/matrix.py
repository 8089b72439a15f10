"""All fifty faults of a send: how each is caused here, and what must hold.

A row is proved by trials, which the judge finds sound, or by tests, which exist under their names.
"""

from dataclasses import dataclass

from tests.faults.trials import Trial

HERE = "tests/faults/test_scenarios.py"
HISTORY = "tests/faults/test_history.py"
SENDING = "tests/newsletter/delivery/test_sending.py"
RECONCILER = "tests/newsletter/delivery/reconciling/test_reconciler.py"
STANDING = "tests/newsletter/delivery/reconciling/test_standing.py"
ALARMS = "tests/newsletter/feedback/test_alarms.py"
SEARCH = "tests/newsletter/delivery/transports/test_postmark_search.py"
TRANSPORT = "tests/newsletter/delivery/transports/test_postmark.py"
ANSWERING = "tests/newsletter/feedback/test_answering.py"
FOLDING = "tests/newsletter/feedback/test_folding.py"
WEBHOOKS = "tests/newsletter/web/test_webhooks.py"
INSTANCE = "tests/newsletter/test_instance.py"
STOPPING = "tests/newsletter/cli/test_stopping.py"
SECRET = "tests/journeys/test_new_secret.py"


@dataclass(frozen=True, slots=True)
class Row:
    """One fault.

    Attributes:
        number: its row in the matrix, 1 to 50.
        fault: what goes wrong.
        holds: what must hold all the same.
        trials: that cause it; those of workers on PostgreSQL, all others on either database.
        tests: that cause it or prove it, ``file::function``.
        open: what is missing, where nothing proves the row yet.
    """

    number: int
    fault: str
    holds: str
    trials: tuple[Trial, ...] = ()
    tests: tuple[str, ...] = ()
    open: str = ""


def _killed(point: str, *scripts: str, nth: int = 1) -> tuple[Trial, ...]:
    return tuple(Trial(point, nth, script) for script in scripts or ("well",))


def _worker_killed(point: str) -> tuple[Trial, ...]:
    return (Trial(point, kind="postgresql", engine="workers"),)


def _provider(*scripts: str) -> tuple[Trial, ...]:
    return tuple(Trial(None, 1, script) for script in scripts)


_SENT_ONCE = "nobody has two copies, nobody lacks one, and the issue is closed"
_SETTLED_BY_SEARCH = "the copies are in doubt, and the search finds them accepted"

ROWS = (
    Row(1, "killed before the audience is frozen", _SENT_ONCE, _killed("start.begun")),
    Row(
        2,
        "killed while it is frozen",
        _SENT_ONCE,
        (*_killed("start.before-commit"), *_worker_killed("enqueue.before-commit")),
    ),
    Row(
        3,
        "killed before the first claim",
        _SENT_ONCE,
        (
            *_killed("start.committed"),
            *_worker_killed("sweep.rescued"),
            *_worker_killed("sweep.before-commit"),
            *_worker_killed("job.fetched"),
        ),
    ),
    Row(4, "killed inside the claim", _SENT_ONCE, _killed("claim.before-commit")),
    Row(
        5,
        "killed between claim and call",
        "the search shows nothing, a later message is seen, and they are sent once",
        (*_killed("send.claimed"), *_killed("send.claimed", nth=4)),
    ),
    Row(
        6,
        "killed in a call of which nothing arrived",
        "as 5",
        tests=(f"{HERE}::test_killed_in_a_call_of_which_nothing_arrived",),
    ),
    Row(
        7,
        "killed in a call of which all was accepted",
        _SETTLED_BY_SEARCH,
        tests=(f"{HERE}::test_killed_in_a_call_of_which_everything_was_accepted",),
    ),
    Row(8, "killed before the record", _SETTLED_BY_SEARCH, _killed("send.answered")),
    Row(9, "killed inside the record", _SETTLED_BY_SEARCH, _killed("record.before-commit")),
    Row(
        10,
        "killed after the record",
        _SENT_ONCE,
        (*_killed("send.recorded"), *_worker_killed("job.done")),
    ),
    Row(
        11,
        "killed between the last batch and the end",
        "the end is computed from the rows",
        (*_killed("send.recorded", nth=4), *_killed("settle.before-commit")),
    ),
    Row(
        12,
        "killed inside the reconciler",
        "what it does can be done again",
        (
            *_killed("reconcile.taken", "drop-answer@1"),
            *_killed("reconcile.looked", "drop-answer@1", "slow-lost@2"),
            *_killed("reconcile.before-commit", "drop-answer@1", "slow-lost@2"),
            *_killed("reconcile.settled", "drop-answer@1"),
            *_killed("reconcile.fence-sent", "reset@4"),
            *_killed("reconcile.probe-before-commit", "drop-answer@1+reset@4"),
        ),
    ),
    Row(13, "time out, accepted", _SETTLED_BY_SEARCH, _provider("slow@1")),
    Row(14, "time out, not accepted", "sent once, later", _provider("slow-lost@1")),
    Row(
        15,
        "time out, accepted after the client gave up",
        "nothing is sent again before the settle time is over",
        _provider("late-accept@1+late-accept@4"),
        (f"{RECONCILER}::test_what_is_seen_late_is_accepted_and_not_sent_again",),
    ),
    Row(16, "429", "queued, with a growing delay", _provider("too-many@1", "too-many@0")),
    Row(
        17,
        "500 before and after accepting",
        "both are in doubt, and evidence tells them apart",
        _provider("error-500@1+error-500-lost@3"),
    ),
    Row(
        18,
        "502 with a page, 503",
        "a page is doubt; the provider's own 503 is a refusal",
        _provider("html-502@1+html-502-lost@2+maintenance@4"),
    ),
    Row(
        19,
        "connection refused",
        "nothing is in doubt, since no byte was sent",
        tests=(f"{HERE}::test_a_provider_that_refuses_connections",),
    ),
    Row(
        20,
        "reset before any answer",
        "in doubt until evidence comes",
        _provider("reset@1+drop-answer@2+reset-request@4"),
    ),
    Row(21, "reset inside the answer", _SETTLED_BY_SEARCH, _provider("truncated@1+reset-at@2")),
    Row(22, "broken or empty answer", _SETTLED_BY_SEARCH, _provider("not-json@1+empty@2")),
    Row(
        23,
        "errors of single messages",
        "those are rejected with their code, and closed here if they are inactive; all others are sent",
        _provider("suppressed"),
        (
            f"{SENDING}::test_a_refused_recipient_is_rejected_with_the_code_and_the_others_go",
            f"{ANSWERING}::test_an_inactive_reader_gets_no_further_issue_and_it_is_known_why",
        ),
    ),
    Row(
        24,
        "fewer, more, reordered, doubled entries",
        "the answer is not believed; evidence tells",
        _provider("short@1+long@2+reordered@3+doubled@4", "twice@1"),
    ),
    Row(
        25,
        "401, 403, wrong stream, unknown sender",
        "nothing is tried again before somebody has mended it",
        _provider("html-403@1"),
        (f"{SENDING}::test_what_only_an_operator_can_mend_pauses_at_once_and_tells_the_editors",),
    ),
    Row(
        26,
        "a whole call refused for one message",
        "only that one is rejected",
        _provider("spoilt", "refused-300@1+refused-403@2"),
    ),
    Row(27, "one byte now and then", "cut at the deadline; in doubt", _provider("drip@1")),
    Row(
        28,
        "search down, slow or behind",
        "no answer is never taken for not sent",
        _provider(
            "drop-answer@1+down",
            "drop-answer@1+lag-shuffled",
            "drop-answer@1+search.slow@0",
            "drop-answer@1+hide-all",
        ),
        (
            (
                f"{RECONCILER}::"
                "test_a_search_that_is_down_settles_nothing_and_after_six_hours_a_person_decides"
            ),
        ),
    ),
    Row(
        29,
        "search truncated, or of the wrong stream",
        "a search that cannot see what is known to be there is no evidence",
        _provider("drop-answer@4+hide", "drop-answer@2+search.truncated@1"),
        (
            f"{SEARCH}::test_more_rows_than_a_page_are_turned_over",
            f"{SEARCH}::test_nothing_found_on_a_stream_that_does_not_exist_is_no_evidence",
        ),
    ),
    Row(
        30,
        "a webhook before our own record",
        "the record that comes later changes nothing",
        _provider("drop-answer@1+webhooks"),
        (f"{RECONCILER}::test_proof_that_comes_before_our_own_record_stays",),
    ),
    Row(
        31,
        "webhooks doubled, out of order, late, unknown, forged",
        "one end state, whatever the order and whoever is killed; strangers change nothing",
        (
            *_killed("webhook.before-commit", "webhooks"),
            *_killed("webhook.stored", "webhooks"),
            *_killed("webhook.folded", "webhooks"),
            *_killed("fold.before-commit", "webhooks"),
        ),
        (
            f"{FOLDING}::test_every_order_of_six_events_leads_to_one_end",
            f"{WEBHOOKS}::test_strangers_are_asked_who_they_are_and_change_nothing",
        ),
    ),
    Row(
        32,
        "leaving between the frozen list and the claim",
        "skipped with the reason",
        tests=(
            f"{SENDING}::test_who_left_after_the_audience_was_frozen_is_skipped_with_the_reason",
        ),
    ),
    Row(
        33,
        "leaving between claim and call",
        "whoever was answered before the claim's commit is not in it",
        tests=(f"{HISTORY}::test_no_claim_overtakes_a_goodbye_that_was_answered",),
    ),
    Row(
        34,
        "leaving while the call is under way",
        "at most the letter that was announced",
        tests=(
            (
                f"{HERE}::"
                "test_who_leaves_between_the_claim_and_the_call_gets_at_most_the_letter_announced"
            ),
        ),
    ),
    Row(
        35,
        "two senders at once",
        "no batch in two hands",
        (
            Trial(workers=3),
            Trial("send.answered", 1, "drop-answer@2", workers=3),
            Trial(script="drop-answer@1", kind="postgresql", workers=3, engine="workers"),
        ),
        (f"{SENDING}::test_two_workers_never_hold_the_same_batch",),
    ),
    Row(
        36,
        "a worker frozen beyond its lease that wakes",
        "doubt, and no second copy",
        tests=(f"{HERE}::test_a_worker_frozen_for_longer_than_its_lease",),
    ),
    Row(
        37,
        "database locked before the claim, or at the record",
        "nothing is sent that cannot be announced; an answer not written down is doubt",
        tests=(
            f"{HERE}::test_a_database_that_is_locked_before_anything_is_claimed",
            f"{HERE}::test_a_database_that_is_locked_when_the_answer_is_to_be_recorded",
        ),
    ),
    Row(
        38,
        "disk full",
        "as 37, after any number of bytes",
        tests=(
            f"{HERE}::test_a_disk_that_is_full_after_any_number_of_bytes",
            f"{HERE}::test_a_server_whose_disk_is_full_at_any_write",
        ),
    ),
    Row(
        39,
        "PostgreSQL goes away during a commit",
        "whether it was committed is read, not guessed",
        tests=(
            f"{HERE}::test_a_server_that_goes_away_before_a_commit",
            f"{HERE}::test_a_commit_whose_answer_is_lost",
        ),
    ),
    Row(
        40,
        "power cut with lazy commits",
        "commits are not lazy",
        tests=(f"{HERE}::test_a_commit_is_on_the_disk_before_it_is_answered",),
    ),
    Row(
        41,
        "SIGTERM in the middle",
        "the batch in flight is finished and recorded",
        (),
        (f"{STOPPING}::test_the_batch_in_flight_is_recorded_and_the_line_says_how_to_go_on",),
    ),
    Row(
        42,
        "a batch that kills whoever takes it",
        "no second copy, and the rest goes on when it is mended",
        tests=(f"{HERE}::test_processes_that_die_with_every_batch_they_claim",),
    ),
    Row(
        43,
        "one reader's letter cannot be written",
        "that one is refused alone; what concerns all stops the issue before a claim",
        tests=(
            f"{TRANSPORT}::test_a_message_that_could_reach_anybody_else_is_refused_alone",
            f"{SENDING}::test_a_header_that_cannot_be_written_pauses_before_any_batch_is_touched",
        ),
    ),
    Row(
        44,
        "the clock jumps by an hour, by a year",
        "nothing is sent twice, and nothing waits for a year",
        tests=(f"{HERE}::test_a_clock_that_jumps_in_the_middle_and_is_set_right_again",),
    ),
    Row(
        45,
        "restored backup, cloned machine",
        "it sends nothing until somebody adopts it",
        tests=(
            f"{INSTANCE}::test_a_copy_on_another_host_serves_its_pages_and_sends_nothing",
            f"{INSTANCE}::test_a_backup_that_is_put_back_sends_nothing_until_it_is_adopted",
        ),
    ),
    Row(
        46,
        "keys changed in the middle",
        "links of the old key work",
        tests=(f"{SECRET}::test_links_outlive_a_new_secret_and_end_with_the_old_one",),
    ),
    Row(
        47,
        "edited or given up in the middle",
        "an edit is refused; giving up lets only the batch in flight go",
        tests=(f"{HERE}::test_an_issue_that_is_edited_and_given_up_in_the_middle",),
    ),
    Row(
        48,
        "sent twice by a double click",
        "one run",
        (Trial(workers=3, handover="batch"),),
        (f"{SENDING}::test_sending_again_sends_nothing",),
    ),
    Row(
        49,
        "file descriptors used up",
        "no partial batch; it goes on later",
        tests=(f"{HERE}::test_too_few_file_descriptors",),
    ),
    Row(
        50,
        "accepted, and never heard of again",
        "nobody knows it from the answer; who compares is told",
        tests=(
            (
                f"{STANDING}::"
                "test_doctor_misses_copies_that_neither_arrived_nor_came_back_within_a_day"
            ),
            f"{ALARMS}::test_editors_are_told_once_of_copies_that_were_never_heard_of_again",
            f"{STANDING}::test_a_report_tells_what_became_of_accepted_copies",
        ),
    ),
)

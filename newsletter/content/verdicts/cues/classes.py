"""Classes of words, so that a cue can speak of anything that breaks and not of one such verb."""

_CLASSES = {
    # What a reader would rather have: its absence is a complaint.
    "wanted": """
        access answer answers api attribution audit autosave backup backups batch benchmark
        benchmarks budget changelog citation citations confirmation consent context control
        controls date dates deadline debugger diff documentation docs encryption error errors
        evidence example examples explanation export feedback filter filters grid guarantee help
        hint history import incentive index indication isolation keyboard label labels limit
        limits log logging logs memory method migration notion offline option options override
        pagination permission permissions plan policy preview progress proof provenance reason
        record recovery redo refund reply respect result results retry rollback sandbox schema
        search security sense setting settings switch shortcut shortcuts sign signs source sources staging
        support test tests threshold timeout trace transparency trial type types undo validation
        version versioning versions warning way webhook webhooks
        """,
    # What a reader would rather be spared: its absence is praise.
    "feared": """
        account accounts ads advertising boilerplate ceremony clutter commission configuration
        contract credits daemon dashboard drama dependencies dependency fees fluff friction fuss
        gimmick gimmicks glue hallucination hallucinations hassle hype jargon keys lag lock-in
        login magic nagging nonsense overhead plumbing proprietary registration retraining
        sales_call setup sign-up spinner spinners strings subscription surprise surprises
        telemetry tracking training upsell vendor_dashboard wizard
        """,
    "fails": """
        breaks broke crashes crashed chokes choked collapses collapsed corrupts corrupted
        deadlocks deadlocked diverges dies died drifts drifted duplicated fails failed
        falters fell_over falls_over flickers flickered forgets freezes froze garbles garbled
        hallucinates hallucinated hangs hung jitters jumps lags lagged leaks leaked loses mangles mangled
        misfires misfired misreads misread overwrites overwrote skips stalls stalled stumbles
        stumbled stutters stuttered times_out timed_out
        """,
    "harms": """
        clobbers clobbered corrupts corrupted deletes deleted destroys destroyed discards discarded
        drops dropped duplicated erases erased forgets ignores ignored invents invented
        mangles mangled mislabels misreads misread omits overwrites overwrote repeats
        resets reset rewrote scrambles scrambled swallows swallowed swaps swapped throws_away
        truncates truncated wipes wiped
        """,
    # What can stand for the tool when a sentence says that it fails or finds.
    "part": """
        agent api app assistant browser_extension builder checker client cursor dashboard dialog editor
        engine export exporter extension feature generator import importer index indexer installer
        integration interface layout library linter mode model page parser planner player
        plug-in preview queue ranking recorder report run scanner scheduler script
        sdk search service summary sync timeline tool toolbar tracker update version widget
        """,
    "annoys": """
        annoys begs congratulates distracts exhausts flatters interrupts irritates lectures nags
        patronises patronizes pesters scolds shouts spams tires
        """,
    # Bare forms, for what it never does or does not do.
    "harm": """
        ask beg block break complain crash cripple collide corrupt crawl deadlock delete distract
        drift drop fail flicker flinch forget freeze get_in guess hallucinate hang hide ignore
        interrupt invent judge leak lecture lie lock lose mangle miss nag overwrite panic pester
        phone_home pretend punish reset sell shout sell_it slow spam spy stall store strand stutter
        surprise swallow time_out touch track train truncate upsell vanish wander
        """,
    "harmed": """
        asked blocked broke complained crashed corrupted deleted dropped failed flinched forgot
        froze guessed hung interrupted invented leaked lied lost missed nagged overwrote stalled
        surprised timed_out
        """,
    "serves": """
        add_up address answer apply arrive close come_back compile converge cover exist explain
        export fade finish fit follow generalise generalize handle help hold import improve include keep
        know last learn load match matter_in mention notice open outlive parse pay persist prevent
        print recognise recognize reconcile recover refresh remember render reproduce resize
        resolve respect respond restore resume return run save say scale scroll show solve stay
        stop support survive sync tell test track translate transfer understand update
        validate verify warn work
        """,
    "bad": """
        aggressive arbitrary awkward bad blunt blurry brittle broken bulky busy chatty cheap
        clumsy coarse complex complicated confusing costly cramped crude cryptic dangerous dated
        dense dim eager easy_to_misuse expensive faint fiddly forgetful fragile fuzzy generic
        greedy heavy intrusive invasive jumpy late limited literal long loose loud narrow noisy
        opaque optimistic polite poor primitive restrictive rigid risky rough shallow short shy
        sluggish slow small smooth sparse steep strict terse thin timid tiny unpredictable
        unreliable unstable vague verbose weak wordy young
        """,
    "good_at": """
        accurately beautifully carefully cleanly consistently correctly faithfully flawlessly
        gracefully honestly instantly perfectly precisely predictably properly quietly reliably
        right well
        """,
    "badly": "awkwardly badly erratically incorrectly inconsistently poorly terribly wrongly",
    "works": """
        ages behaves behaved degrades edits exports handles handled holds imports loads parses performs performed
        plays reads renders responds runs ran scales scans sits sounds speaks syncs translates
        travels wears works worked
        """,
    "handled": "built chosen designed done engineered executed handled made managed solved thought written",
    "better": """
        better calmer cheaper cleaner clearer closer easier faster fewer_errors friendlier gentler
        kinder lighter more_accurate more_careful more_honest more_reliable more_useful nicer
        quicker quieter safer saner sharper shorter simpler smaller smarter smoother steadier
        stronger tidier
        """,
    "worse": """
        clumsier costlier dearer heavier less_accurate less_reliable less_useful more_expensive
        slower uglier weaker worse
        """,
    "best": """
        best calmest cleanest clearest fairest fastest kindest neatest nicest quietest safest
        sanest sharpest simplest smartest smoothest tidiest most_careful most_honest most_reliable
        most_thoughtful most_useful
        """,
    "worst": """
        clumsiest least_reliable least_useful most_annoying most_confusing most_fragile slowest
        ugliest weakest worst
        """,
    # Figures that should fall, and figures that should rise.
    "costs": """
        backlog bill bills cost costs churn complaints consumption downtime error errors error_rate
        expenses false_alarms footprint incidents invoice invoices latency load_times memory
        memory_use mistakes onboarding_time price prices rework starts tickets time turnaround
        wait waiting
        """,
    "gains": """
        accuracy adoption conversion coverage growth margin margins profit quality recall retention
        revenue sales sign-ups throughput trust usage uptime
        """,
    "stopped": "collapsed collapses dried_up evaporated falls fell flattened halved stalled stalls stopped stops sank",
    # What people do with a thing that they judge.
    "steer": """
        adjust audit bisect branch cancel compare correct diff edit explain export fork inspect
        leave_with merge mute override pause pin read_every reorder replay resume revert roll_back
        rollback script step trace trim tune undo veto verify walk_away
        """,
    "changed": """
        adjusted audited cancelled canceled changed configured copied_out corrected customised
        customized deleted disabled disputed edited exported inspected moved overridden
        paused pinned removed rendered renamed reproduced resized reversed reverted searched
        selected set shared skipped sorted traced tried tuned turned_off undone updated
        verified
        """,
    "is": "is are was were feels feel felt looks look remains remain stays seems_to_be",
    "very": """
        amazingly astonishingly awfully beautifully exceptionally extraordinarily extremely
        gloriously horribly hopelessly impressively incredibly insanely maddeningly needlessly
        oddly painfully pleasantly refreshingly remarkably ridiculously suspiciously terribly
        uncommonly unbearably unusually very wildly wonderfully
        """,
    "praised": """
        accurate beautiful calm careful clear clever consistent convincing crisp fast forgiving fresh
        friendly generous gorgeous honest humane intuitive legible lovely memorable natural neat
        painless playful pleasant precise predictable quick quiet readable responsive robust sensible
        simple smart smooth snappy solid stable sturdy tasteful transparent warm
        """,
    "blamed": """
        arbitrary awkward bland boring brutal buggy chaotic clunky complicated condescending
        convoluted crude cumbersome dull erratic flimsy generic intrusive laggy lifeless lazy
        limited manipulative misleading noisy patronising rigid rough shallow slow sloppy sluggish
        sparse stale superficial tedious thin tiresome ugly unconvincing unfinished unhelpful
        unnatural unpredictable unreliable unstable weak wobbly
        """,
    "tells": """
        admits answers apologises arrives closes confirms documents ends explains finishes learns
        loads mentions notices opens recovers remembers returns says shows starts stops
        tells updates warns works
        """,
    "pesters": """
        asks begs blocks breaks complains crashes drops fails flickers forces forgets freezes guesses
        hangs hides interrupts invents leaks lectures lies loses misses nags overwrites panics
        pretends pushes sells shouts stalls stutters surprises trains
        """,
    "people": """
        accountant accountants artist artists buyer buyers clients colleague colleagues customer
        customers designer designers developers editors engineers intern lawyers managers nurses patients readers
        students teacher teachers team teams tester testers user users
        """,
    "refusers": """
        auditor bank board buyer cfo clinic compliance finance hospital it_department legal
        lawyer manager parliament procurement regulator school security teacher
        """,
    "faults": """
        blank broken confusing empty fictional incomprehensible invented irrelevant made_up missing
        misleading nonsense obsolete out_of_date outdated stale unusable untrue useless wrong
        """,
    "rot": """
        chaos copy_and_paste folklore guesswork a_chore a_gamble a_lottery a_maze a_mess a_slog
        a_nightmare a_riddle a_second_job archaeology busywork noise soup spaghetti
        """,
    "giants": """
        amazon anyone apple browser browsers chrome everybody everyone figma github google incumbent
        incumbents labs microsoft model models openai owners phone phones platform platforms
        provider providers suite suites vendors
        """,
}

CLASSES: dict[str, tuple[str, ...]] = {
    f"<{name}>": tuple(words.split()) for name, words in _CLASSES.items()
}

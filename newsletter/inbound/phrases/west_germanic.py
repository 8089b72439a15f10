"""No more letters, in English, German and Dutch."""

from newsletter.inbound.phrases.language import Language

ENGLISH = Language(
    stops="""
        stop, stop it, stop this, stop sending, stop sending me, stop sending this to me, stop writing,
        stop writing to me, stop writing me, stop mailing me, stop emailing me, stop e-mailing me,
        stop contacting me, stop spamming, stop spamming me, stop spam, quit, leave, sign off, signoff,
        sign me off, unsubscribe, unsubscribe me, unsubscribe my address, unsubscribe my email, unsub,
        unsuscribe, unsubscibe, un-subscribe, un-subscribe me, opt out, opt-out, opt me out, remove,
        remove me, remove my address, remove my email, remove my email address, delete me, delete my
        address, take me off, take my address off, take my email off, cancel, cancel me, be removed,
        be taken off, be unsubscribed, no more, don't email me, do not email me, don't write to me,
        do not write to me, do not contact me, don't contact me, don't send me anything, no thanks""",
    begins="""
        no, end, don't send me, do not send me, don't send, do not send, don't want, do not want,
        i don't want, i do not want, i no longer want, i no longer wish to receive, no longer wish to
        receive, i don't want to receive, i do not want to receive, i do not wish to receive,
        i don't want to get, i no longer want to get, i no longer want to receive""",
    objects="""
        this, these, those, them, everything, emails, e-mails, mails, mail, email, letters, newsletters,
        messages, spam, newsletter, the newsletter, this newsletter, your newsletter, your newsletters,
        these newsletters, this email, these emails, these e-mails, those emails, your emails, your
        e-mails, the emails, all emails, any emails, any more emails, more emails, any more mails, any
        more letters, any more newsletters, more newsletters, more letters, these letters, your letters,
        these messages, your messages, this list, the list, your list, your lists, all lists, mailing
        list, this mailing list, the mailing list, your mailing list, email list, your email list,
        this email list, distribution list, your database, my subscription, the subscription, this
        subscription, subscription, it, anything, this stuff, this address""",
    links="from, to, of, on, for, off",
)

GERMAN = Language(
    stops="""
        stop, stopp, stoppen, stoppen Sie, stoppt, Schluss, Schluss damit, aufhören, hören Sie auf,
        hört auf, hör auf, abmelden, Abmeldung, mich abmelden, melden Sie mich ab, melde mich ab, meldet
        mich ab, abbestellen, Abbestellung, bestelle ab, kündigen, Kündigung, austragen, mich austragen,
        tragen Sie mich aus, trag mich aus, tragt mich aus, löschen, mich löschen, löschen Sie mich,
        lösche mich, löscht mich, streichen Sie mich, entfernen, mich entfernen, entfernen Sie mich,
        entfernt mich, nehmen Sie mich, nehmt mich, nimm mich, nehmen, streichen, Abo beenden, beenden,
        nicht mehr schicken, nicht mehr senden, nichts mehr schicken, nichts mehr senden, schicken Sie
        mir nichts mehr, senden Sie mir nichts mehr, schickt mir nichts mehr, keine mehr,
        melden Sie mich vom Newsletter ab, tragen Sie mich aus dem Verteiler aus, tragen Sie mich aus
        der Liste aus, meldet mich vom Newsletter ab, abgemeldet werden, gelöscht werden""",
    begins="keine, kein, keinen, keine weiteren, schicken Sie mir keine, senden Sie mir keine, mich",
    objects="""
        Newsletter, den Newsletter, diesen Newsletter, Ihren Newsletter, euren Newsletter, vom
        Newsletter, Newsletter mehr, Newsletters, Mails, E-Mails, Emails, Mails mehr, E-Mails mehr,
        Emails mehr, weiteren Mails, weiteren E-Mails, Mails mehr schicken, E-Mails mehr schicken, Post
        mehr, Briefe mehr, Nachrichten mehr, Verteiler, dem Verteiler, Ihrem Verteiler, eurem Verteiler,
        der Liste, dieser Liste, Ihrer Liste, Mailingliste, der Mailingliste, Abo, mein Abo, das Abo,
        Abonnement, mein Abonnement""",
    links="von, vom, aus, den, das, für",
)

DUTCH = Language(
    stops="""
        stop, stoppen, stop maar, stop hiermee, stop ermee, afmelden, mij afmelden, me afmelden, meld mij
        af, meld me af, afmelding, uitschrijven, mij uitschrijven, me uitschrijven, schrijf mij uit,
        schrijf me uit, uitschrijving, opzeggen, opzegging, verwijder mij, verwijder me, verwijderen, mij
        verwijderen, haal mij, haal me, mij eraf halen, stuur mij niets meer, stuur me niets meer, niet
        meer sturen, niet meer mailen, niets meer sturen, stop met sturen, stop met mailen""",
    begins="geen, stuur mij geen, stuur me geen, ik wil geen, ik wil geen verdere",
    objects="""
        nieuwsbrief, de nieuwsbrief, deze nieuwsbrief, uw nieuwsbrief, jullie nieuwsbrief, nieuwsbrief
        meer, nieuwsbrieven, nieuwsbrieven meer, mails, e-mails, emails, mail, mails meer, e-mails meer,
        emails meer, mail meer, deze mails, deze e-mails, berichten, berichten meer, lijst, de lijst,
        deze lijst, uw lijst, jullie lijst, mailinglijst, de mailinglijst, abonnement, mijn abonnement,
        het abonnement""",
    links="van, voor, uit, met, met het sturen van",
)

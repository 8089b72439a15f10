"""No more letters, in Swedish, Danish, Norwegian and Finnish."""

from newsletter.inbound.phrases.language import Language

SWEDISH = Language(
    stops="""
        stopp, stop, stoppa, sluta, avregistrera, avregistrera mig, avregistrering, avprenumerera,
        avprenumerera mig, avsluta, avanmäl, avanmäl mig, avanmälan, ta bort, ta bort mig, radera mig,
        sluta skicka, sluta mejla, sluta mejla mig, sluta maila, skicka inget mer, skicka inte mer,
        säga upp, säg upp, bli borttagen""",
    begins="inga, inga fler, inte fler, skicka inga, skicka inga fler, vill inte ha, jag vill inte ha",
    objects="""
        nyhetsbrev, nyhetsbrevet, detta nyhetsbrev, det här nyhetsbrevet, ert nyhetsbrev, mejl, mail,
        fler mejl, fler mail, e-post, mejlen, de här mejlen, utskick, listan, er lista, denna lista,
        sändlistan, prenumeration, prenumerationen, min prenumeration""",
    links="från, på, av, med, ur",
)

DANISH = Language(
    stops="""
        stop, stop nu, stop det, afmeld, afmeld mig, afmelde, afmelde mig, afmelding, afmeldes, frameld,
        frameld mig, framelde mig, framelding, frameldes, slet mig, fjern mig, hold op, opsig, opsige,
        stop med at sende, send ikke mere, ikke mere""",
    begins="ingen, ingen flere, ikke flere, send ikke flere, jeg vil ikke have, jeg vil ikke have flere",
    objects="""
        nyhedsbrev, nyhedsbrevet, dette nyhedsbrev, jeres nyhedsbrev, nyhedsbreve, mails, e-mails, mail,
        flere mails, disse mails, listen, denne liste, jeres liste, maillisten, abonnement, abonnementet,
        mit abonnement""",
    links="fra, på, af, med",
)

NORWEGIAN = Language(
    stops="""
        stopp, stopp nå, stans, meld meg av, meld meg ut, avmeld, avmeld meg, avmelding, avslutt, avslutte,
        slett meg, fjern meg, slutt, slutt å sende, si opp, ikke send mer, ta meg av""",
    begins="ingen, ingen flere, ikke flere, ikke send flere, jeg vil ikke ha, jeg vil ikke ha flere",
    objects="""
        nyhetsbrev, nyhetsbrevet, dette nyhetsbrevet, deres nyhetsbrev, e-poster, eposter, e-post, mail,
        mailer, flere e-poster, disse e-postene, listen, lista, denne listen, abonnement, abonnementet,
        abonnementet mitt""",
    links="fra, på, av, med",
)

FINNISH = Language(
    stops="""
        stop, seis, lopeta, lopettakaa, lopettaa, peru, perukaa, peruuta, peruuttakaa, peruuttaa, peruutus,
        poista, poista minut, poistakaa minut, ei enää, älkää lähettäkö enää, älä lähetä enää""",
    begins="en halua, en halua enää, ei enää, älkää lähettäkö, älä lähetä",
    objects="""
        uutiskirje, uutiskirjeen, uutiskirjettä, uutiskirjeitä, uutiskirjeet, tilaus, tilauksen,
        tilaukseni, listalta, listaltanne, postituslistalta, viestejä, sähköposteja, sähköpostia""",
)

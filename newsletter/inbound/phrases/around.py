"""Words around a wish. Pure."""

from newsletter.inbound.words import listed

AROUND = listed(
    """
    please, pls, plz, kindly, just, hi, hello, hey, hi there, hello there, hi all, hi team, hello team,
    dear team, dear all, dear editors, good morning, good day, dear sir or madam, to whom it may concern,
    thanks, thank you, many thanks, thanks in advance, thank you in advance, thx, ty, cheers, sorry, ok, now,
    right now, immediately, at once, asap, again, any more, anymore, any longer, today, forever, already,
    i want to, i would like to, i'd like to, i wish to, i'd want to, want to, would like to, can you, could
    you, would you, will you, you can, can i, may i, for me, altogether, completely, from now on,
    bitte, hallo, guten Tag, guten Morgen, Servus, Moin, liebes Team, liebe Redaktion, sehr geehrte Damen und
    Herren, danke, vielen Dank, danke schön, besten Dank, danke im Voraus, sofort, umgehend, ab sofort, jetzt,
    endlich, ich möchte, ich will, ich würde gerne, ich möchte gerne, möchte, hiermit, ich, können Sie, wieder,
    könnten Sie, s'il vous plaît, svp, stp, s'il te plaît, bonjour, bonsoir, salut, merci, merci beaucoup, merci
    d'avance, merci de, je veux, je voudrais, je souhaite, je désire, maintenant, immédiatement, veuillez,
    pouvez-vous,
    por favor, hola, buenos días, buenas tardes, buenas, gracias, muchas gracias, quiero, quisiera, deseo,
    me gustaría, ahora, inmediatamente, ya, ahora mismo, podrían, per favore, per piacere, per cortesia, prego,
    ciao, salve, buongiorno, buonasera, grazie, grazie mille, vorrei, voglio, desidero, subito, adesso,
    immediatamente, potete, potreste, gentilmente, olá, oi, bom dia, boa tarde, boa noite, obrigado, obrigada,
    muito obrigado, quero, gostaria de, desejo, agora, imediatamente, por gentileza, faz favor, se faz favor,
    alsjeblieft, alstublieft, aub, graag, beste, goedendag, goedemorgen, dank u, dank u wel, dank je, dank je
    wel, bedankt, ik wil, ik wil graag, wilt u, kunt u, kun je, nu, direct, onmiddellijk, meteen, wil,
    tack, tack på förhand, hej, hej hej, snälla, vänligen, jag vill, jag önskar, jag vill gärna, nu, genast,
    omedelbart, kan ni, tak, på forhånd tak, mange tak, venligst, hej alle, jeg vil, jeg vil gerne, jeg ønsker,
    jeg ønsker at, at, med det samme, vær så snill, vennligst, takk, hei, jeg vil gjerne, å, kiitos, hei, moi,
    haluan, haluaisin, heti, pyydän, lütfen, merhaba, selam, iyi günler, teşekkürler, teşekkür ederim, sağ olun,
    hemen, artık, rica ederim, proszę, dzień dobry, witam, cześć, dziękuję, dzięki, chcę, chciałbym, chciałabym,
    natychmiast, już, пожалуйста, здравствуйте, привет, добрый день, спасибо, я хочу, хочу, прошу, сейчас,
    немедленно, お願いします, 请, 請, 谢谢, 謝謝, 부탁합니다, 감사합니다"""
)
"""What stands around a wish and changes nothing about it: greetings, thanks, hurry, courtesy."""

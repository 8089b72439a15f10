"""No more letters, in French, Spanish, Italian and Portuguese."""

from newsletter.inbound.phrases.language import Language

FRENCH = Language(
    stops="""
        stop, stoppez, arrêt, arrêter, arrêtez, arrête, arrêtez ça, assez, désabonner, désabonnez-moi,
        désabonne-moi, me désabonner, se désabonner, désabonnement, désabonnez, désinscrire,
        me désinscrire, désinscrivez-moi, désinscris-moi, désinscription, désinscrivez, résilier,
        résiliation, retirez-moi, retirer, me retirer, supprimez-moi, supprimer, enlevez-moi, annuler,
        annulez, ne m'envoyez plus, ne m'envoyez plus rien, ne m'écrivez plus, arrêtez de m'écrire,
        plus rien, arrêtez de m'envoyer""",
    begins="plus, plus de, plus d', ne m'envoyez plus de, ne plus recevoir, je ne veux plus recevoir,"
    "je ne veux plus, je ne souhaite plus recevoir",
    objects="""
        newsletter, la newsletter, cette newsletter, votre newsletter, vos newsletters, lettre, lettres,
        lettre d'information, votre lettre, mails, emails, e-mails, courriels, ces mails, ces emails,
        ces e-mails, vos mails, vos emails, vos e-mails, vos courriels, vos messages, messages, liste,
        la liste, cette liste, votre liste, liste de diffusion, votre liste de diffusion, la liste de
        diffusion, abonnement, mon abonnement, l'abonnement, tout, envoi, l'envoi""",
    links="de, d', du, des, à, l'envoi de, de m'envoyer, l'envoi des",
)

SPANISH = Language(
    stops="""
        stop, alto, basta, basta ya, parar, pare, paren, para, detener, detengan, baja, la baja,
        darme de baja, dar de baja, darse de baja, deme de baja, denme de baja, dame de baja, dadme de
        baja, solicito la baja, solicito baja, desuscribir, desuscribirme, desuscríbeme, desuscríbanme,
        desuscribirse, cancelar, cancelen, cancele, anular, eliminar, eliminarme, elimíname, elimíneme,
        elimínenme, bórrame, bórreme, bórrenme, borrarme, quítame, quíteme, quítenme, sáquenme, no más,
        no me escriban, no me escriban más, no me envíen más, no me envíe más, no me envíen nada, dejen
        de enviarme, dejen de escribirme, deje de enviarme""",
    begins="no, no más, no quiero, no quiero recibir, no quiero más, no deseo recibir, no me envíen,"
    "no me envíe, no deseo",
    objects="""
        newsletter, la newsletter, esta newsletter, boletín, el boletín, este boletín, su boletín, lista,
        la lista, esta lista, su lista, lista de correo, correos, más correos, estos correos, sus correos,
        emails, más emails, e-mails, mensajes, más mensajes, estos mensajes, suscripción, mi suscripción,
        la suscripción, esto""",
    links="de, del, a, al",
)

ITALIAN = Language(
    stops="""
        stop, basta, fermare, fermate, fermatevi, smettete, smettetela, cancellami, cancellatemi, mi
        cancelli, cancellarmi, cancellazione, cancellare, cancella, disiscrivimi, disiscrivetemi,
        disiscrivermi, mi disiscriva, disiscrizione, disiscrivere, annulla, annullare, rimuovimi,
        rimuovetemi, mi rimuova, rimuovere, toglimi, toglietemi, mi tolga, eliminatemi, eliminami, non
        inviatemi più, non inviatemi più nulla, non scrivetemi, non scrivetemi più, smettete di inviarmi,
        smettete di scrivermi, disdetta, disdire""",
    begins="niente, niente più, non voglio, non voglio più, non voglio ricevere, non voglio più ricevere,"
    "non desidero ricevere, non desidero più ricevere, non inviatemi, non inviatemi più",
    objects="""
        newsletter, la newsletter, questa newsletter, vostra newsletter, la vostra newsletter, lista,
        la lista, questa lista, vostra lista, mailing list, email, e-mail, mail, queste email, queste
        mail, altre email, vostre email, le vostre email, messaggi, iscrizione, l'iscrizione, la mia
        iscrizione, abbonamento, l'abbonamento, il mio abbonamento""",
    links="da, dalla, dalle, di, della, alla, la, le, a",
)

PORTUGUESE = Language(
    stops="""
        stop, pare, parem, parar, chega, basta, cancelar, cancele, cancelem, cancelamento, descadastrar,
        descadastre-me, me descadastre, me descadastrem, descadastro, descadastramento, desinscrever,
        desinscrever-me, me desinscreva, desinscreva-me, remover, remova-me, removam-me, me remova, me
        removam, retirem-me, retire-me, me retire, me retirem, me tire, me tirem, tirem-me, sair, anular,
        anule, não me envie mais, não me enviem mais, não enviem mais, não envie mais, não me escrevam
        mais, parem de me enviar, pare de me enviar, parem de enviar, não me envie nada""",
    begins="não quero, não quero mais, não quero receber, não quero mais receber, não desejo receber,"
    "não desejo mais receber, não me envie, não me enviem, sem, chega de",
    objects="""
        newsletter, a newsletter, esta newsletter, essa newsletter, emails, e-mails, mais emails, mais
        e-mails, estes emails, esses emails, esses e-mails, seus emails, mensagens, mais mensagens, lista,
        a lista, sua lista, vossa lista, lista de emails, inscrição, a inscrição, minha inscrição,
        assinatura, a assinatura, minha assinatura, a minha assinatura, subscrição, a subscrição, a minha
        subscrição, isso, isto""",
    links="de, da, desta, dessa, do, a, com",
)

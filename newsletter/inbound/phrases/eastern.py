"""No more letters, in Turkish, Polish, Russian, Japanese, Chinese and Korean."""

from newsletter.inbound.phrases.language import Language

TURKISH = Language(
    stops="""
        dur, durdur, durdurun, stop, yeter, iptal, iptal et, iptal edin, iptal ediniz, çık, çıkar,
        çıkarın, beni çıkarın, beni çıkar, çıkmak istiyorum, ayrılmak istiyorum, sonlandır,
        sonlandırın, sil, silin, beni silin, istemiyorum, artık istemiyorum, almak istemiyorum,
        artık almak istemiyorum, göndermeyin, artık göndermeyin, gönderme, bir daha göndermeyin, yollamayın""",
    objects="""
        bülten, bülteni, bu bülteni, bülteninizi, e-bülten, bültenden, bu bültenden, mail, maillerinizi,
        mailleri, e-posta, e-postaları, e-posta listesinden, mesaj, liste, listeden, bu listeden,
        listenizden, beni listeden, beni bu listeden, beni listenizden, abonelik, abonelikten,
        aboneliği, aboneliğimi, üyelikten, üyeliğimi, kaydımı, bana mail, bana e-posta, daha fazla mail""",
)

POLISH = Language(
    stops="""
        stop, dość, wypisz, wypisz mnie, wypiszcie mnie, wypisanie, o wypisanie, o wypisanie mnie, wypisać,
        wypisuję się, wypisać się, rezygnuję, rezygnacja, zrezygnować, anuluj, anulować, anulowanie,
        usuń mnie, usuńcie mnie, o usunięcie, o usunięcie mnie, nie wysyłajcie, nie wysyłajcie więcej,
        nie wysyłaj więcej, nie wysyłać, nie piszcie do mnie""",
    begins="nie chcę, nie chcę otrzymywać, nie chcę więcej, nie wysyłajcie mi, nie wysyłać mi, żadnych",
    objects="""
        newsletter, newslettera, newsletterów, tego newslettera, listy, tej listy, waszej listy, listy
        mailingowej, maili, więcej maili, tych maili, wiadomości, więcej wiadomości, tych wiadomości,
        subskrypcja, subskrypcję, subskrypcji, prenumeraty""",
    links="z, ze, od, do",
)

RUSSIAN = Language(
    stops="""
        стоп, хватит, отписаться, отпишите, отпишите меня, отписка, отписать, отмена, отменить, отмените,
        прекратите, прекратить, остановите, удалите, удалите меня, уберите меня, исключите меня, не
        присылайте, не присылайте больше, больше не присылайте, не пишите мне, больше не пишите, не надо""",
    begins="больше не присылайте, не присылайте, не присылайте больше, не хочу получать,"
    "больше не хочу получать, не хочу",
    objects="""
        рассылка, рассылку, рассылки, вашу рассылку, вашей рассылки, этой рассылки, письма, ваши письма,
        эти письма, мне письма, писем, мне, подписка, подписку, подписки, мою подписку, списка, вашего
        списка, списка рассылки""",
    links="от, из, с",
)

EAST_ASIAN = Language(
    stops="""
        停止, 解除, 退会, 配信停止, 配信停止希望, 配信を停止してください, 配信停止してください, 購読解除, 購読停止, 登録解除,
        送らないでください, 退订, 退訂, 取消订阅, 取消訂閱, 停止发送, 停止發送, 不要再发, 不要再發了, 수신거부, 수신 거부,
        구독취소, 구독 취소, 구독 해지, 해지, 그만 보내세요, 보내지 마세요""",
)

"""What makes up a language, for saying that one wants no more letters. Pure."""

from dataclasses import dataclass
from functools import cached_property

from newsletter.inbound.words import listed


@dataclass(frozen=True)
class Language:
    """Phrases with commas between them; case, accents and punctuation do not count.

    Attributes:
        stops: say it, alone or with an object before or behind: "stop", "stop these emails".
        begins: say it only with an object, and not as a question: "no emails".
        objects: what people call a newsletter, and being on its list.
        links: may stand before an object: "from", "to".
    """

    stops: str
    begins: str = ""
    objects: str = ""
    links: str = ""

    def says_stop(self, said: str, *, asks: bool = False) -> bool:
        """Tell whether words, written plainly, are exactly such a phrase.

        Whoever asks "No newsletter?" misses it.
        """
        stops, begins = self._stops, frozenset[str]() if asks else self._begins
        if said in stops:
            return True
        words = said.split()
        cuts = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
        return any(
            (tail in self._tails and (head in stops or head in begins))
            or (head in self._tails and tail in stops)
            for head, tail in cuts
        )

    @cached_property
    def _stops(self) -> frozenset[str]:
        return listed(self.stops)

    @cached_property
    def _begins(self) -> frozenset[str]:
        return listed(self.begins)

    @cached_property
    def _tails(self) -> frozenset[str]:
        objects, links = listed(self.objects), listed(self.links)
        return objects | {f"{link} {one}" for link in links for one in objects}

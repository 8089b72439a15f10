"""How people say that they want no more letters, language by language; plain data."""

from newsletter.inbound.phrases import eastern, northern, romance, west_germanic

LANGUAGES = (
    west_germanic.ENGLISH,
    west_germanic.GERMAN,
    west_germanic.DUTCH,
    romance.FRENCH,
    romance.SPANISH,
    romance.ITALIAN,
    romance.PORTUGUESE,
    northern.SWEDISH,
    northern.DANISH,
    northern.NORWEGIAN,
    northern.FINNISH,
    eastern.TURKISH,
    eastern.POLISH,
    eastern.RUSSIAN,
    eastern.EAST_ASIAN,
)

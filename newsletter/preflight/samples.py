"""Sample copies of an issue: as one reader would get it, made by the same calls as a real one."""

from datetime import datetime

from newsletter.delivery.claiming import Recipient
from newsletter.delivery.headers import TEST_TOKEN
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import Message
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.letter import archive_page
from subscribers.tokens import PUBLIC_ID_CHARACTERS

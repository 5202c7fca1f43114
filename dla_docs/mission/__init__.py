"""La mission, que tous les documents lisent : ce qu'elle tient, et ses règles."""

from dla_docs.mission.mise_en_concurrence import Suite as Suite
from dla_docs.mission.mission import Mission as Mission

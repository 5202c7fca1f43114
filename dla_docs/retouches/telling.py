"""Ce qu'une fusion a fait, dit à mesure."""

from __future__ import annotations

from dataclasses import dataclass, field

from dla_docs.forms.answers_taken import Changement


@dataclass
class Told:
    """Ce qu'une fusion a fait : des faits et des textes mis à jour ; des contradictions ; des faits
    de la mission dont la main a ôté la place ; ce que la main a gardé malgré la mission.
    """

    updated: list[Changement] = field(default_factory=list)
    conflicts: list[Changement] = field(default_factory=list)
    placeless: list[Changement] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

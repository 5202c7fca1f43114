"""La fiche au portefeuille de chaque prestataire retenu : sans elle, ni mission ni paiement."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dla_docs.mission.contenu import Contenu, key_of
from dla_docs.model.fields import Faute, regle
from dla_docs.model.requirement import exige
from dla_docs.parties.tenus import Fiche

FICHES = "documents.fiche_prestataire"
DEMANDEZ_LA_FICHE = (
    "Demandez sa fiche au prestataire : « dla-docs trame fiche_prestataire » la fait."
)


class FichesDesRetenus(Contenu):
    """La fiche de chaque prestataire retenu, et les règles qui la demandent."""

    @property
    def fiche(self) -> Fiche | None:
        """La fiche au portefeuille du prestataire retenu, ou ``None``."""
        return next((one for _, one in self._fiches()), None)

    def _fiches(self) -> Iterator[tuple[str, Fiche | None]]:
        """Each chosen prestataire, and his sheet or none."""
        known = {key_of(one): one for one in reversed(self._held("fiche_prestataire"))}
        for key in self.retenus:
            yield key, known.get(key)

    def _sans_fiche(self, lacunes: Callable[[Fiche], tuple[str, ...]]) -> Iterator[Faute]:
        """Whose sheet is not there, or what it lacks."""
        for key, fiche in self._fiches():
            who = self.nom_de(key)
            if fiche is None:
                yield Faute(FICHES, f"celle de {who} manque")
            elif missing := lacunes(fiche):
                yield Faute(FICHES, f"à celle de {who} il manque : {', '.join(missing)}")

    @regle(
        exige("RX-01"),
        exige("FP-11"),
        exige("CV-14", guides="C"),
        porte_sur=FICHES,
        conseil=DEMANDEZ_LA_FICHE,
    )
    def fiche_avant_la_mission(self) -> Iterator[Faute]:
        """Un prestataire ne conduit pas de mission s'il n'a pas rempli au préalable sa fiche."""
        if self.reference_convention is not None or self.evenements.lancement.date is not None:
            yield from self._sans_fiche(lambda fiche: fiche.rubriques_vides)

    @regle(
        exige("RX-02"),
        exige("FP-12"),
        exige("CV-14", guides="N"),
        porte_sur=FICHES,
        conseil=DEMANDEZ_LA_FICHE,
    )
    def fiche_avant_le_paiement(self) -> Iterator[Faute]:
        """Sans fiche dûment complétée (adresse, N° de siret…), le prestataire ne peut percevoir le
        financement de la mission.
        """
        reports = self._rapports()
        if any(payment.verse_le is not None for payment in self.paiements) or any(
            one.remise.solde_verse_le is not None for one in reports
        ):
            yield from self._sans_fiche(lambda fiche: fiche.manques_au_paiement)

"""La mission telle que la voit chacun de ses prestataires retenus, quand ils sont plusieurs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, Self, TypeVar

from dla_docs.mission.contenu import Contenu, key_of
from dla_docs.mission.mise_en_concurrence import AutreRetenu
from dla_docs.parties.acteurs import Personne
from dla_docs.parties.plan import AvecCle

Tenu = TypeVar("Tenu")


class VuesDesRetenus(Contenu):
    """Une mission que plusieurs prestataires se partagent."""

    def aupres_de(self, cle: str | None) -> Self:
        """La mission telle que la voit l'un de ses prestataires retenus, quand ils sont plusieurs :
        ses documents et ceux qui sont communs à tous, son consultant, sa convention. Elle-même pour
        tout autre.
        """
        chosen = self.retenus
        if cle is None or len(chosen) < 2 or cle not in chosen:
            return self
        others = [one for one in chosen if one != cle]
        seen = self.model_copy(
            update={
                "mise_en_concurrence": self.mise_en_concurrence.model_copy(
                    update={
                        "retenu": cle,
                        "autres_retenus": tuple(AutreRetenu(prestataire=one) for one in others),
                    }
                ),
                "documents": {
                    slug: tuple(one for one in held if key_of(one) not in others)
                    for slug, held in self.documents.items()
                },
            }
        )
        seen._aupres_de = cle
        return seen if cle == chosen[0] else seen._with_own_convention(cle)

    def _with_own_convention(self, cle: str) -> Self:
        """The head of the mission names the consultant, the convention and the payments of the
        first alone.
        """
        held = (one for one in self._held("convention_tripartite") if key_of(one) == cle)
        own = next(held, None)
        said = {
            "consultant": getattr(own, "consultant", Personne()),
            "reference_convention": getattr(own, "reference_convention", None),
            "paiements": (),
        }
        seen = self.model_copy(update=said)
        if self._raw is not None:
            head = {key: value for key, value in self._raw.items() if key not in said}
            seen._raw = self._raw.with_items(head)
        return seen

    def vues_des_retenus(self) -> tuple[tuple[str | None, Self], ...]:
        """Chaque prestataire retenu, quand ils sont plusieurs, et la mission telle qu'il la voit ;
        sinon la mission seule.
        """
        several = self.retenus if len(self.retenus) > 1 else ()
        return tuple((cle, self.aupres_de(cle)) for cle in several) or ((None, self),)

    def de_chacun(self, tenu: Callable[[Self], Tenu | None]) -> tuple[Tenu, ...]:
        """Ce que la mission tient de chaque prestataire retenu, une fois ce qui leur est commun ;
        d'un seul, quand elle est telle qu'il la voit.
        """
        views = (self,) if self._aupres_de else [seen for _, seen in self.vues_des_retenus()]
        found = {id(one): one for one in map(tenu, views) if one is not None}
        return tuple(found.values())


class LigneAvecCle(AvecCle, Protocol):
    """Une ligne qui a une clé et un intitulé : une étape, une production."""

    @property
    def intitule(self) -> str | None: ...


D = TypeVar("D")
L = TypeVar("L", bound=LigneAvecCle)


def lignes_de_tous(documents: Iterable[D], lignes: Callable[[D], Iterable[L]]) -> dict[str, L]:
    """Les lignes (étapes, productions) des documents de plusieurs prestataires, par clé ; celle
    d'un autre que le premier dit de qui elle est (``beta_e1``), quand sa clé est déjà prise par une
    ligne qui dit autre chose.
    """
    found: dict[str, L] = {}
    for document in documents:
        for row in lignes(document):
            key = row.cle or ""  # its list has given it one
            first = found.get(key, row)
            same = (first.intitule, getattr(first, "objectif", None)) == (
                row.intitule,
                getattr(row, "objectif", None),
            )
            found.setdefault(key if same else f"{key_of(document)}_{key}", row)
    return found

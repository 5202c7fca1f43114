"""Un document du lot que quelqu'un a retouché : il est rafraîchi, comme dans un dossier ; sa page
garde ce que la main y a mis, et dit ce que sa ligne dit maintenant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import DlaDocsError, InputError, TargetError
from dla_docs.lot.folder import Folder
from dla_docs.lot.journal import fingerprint
from dla_docs.lot.refusing import refusal
from dla_docs.lot.row_sheets import FIELD
from dla_docs.model.document import Document
from dla_docs.raw.quoting import quoted
from dla_docs.retouches.contradictions import Source
from dla_docs.retouches.refresh import Rafraichi, merged
from dla_docs.retouches.target import held_by_hand, left_alone
from dla_docs.retouches.work import is_retouched, work_in
from dla_docs.returns.provenance import header_difference, identities
from dla_docs.stages.envelope import data_of, open_envelope
from dla_docs.word.package import open_package

HOLDERS = ("structures", "prestataire")
TABLEAU = Source("le tableau", "Corrigez-la dans le tableau, ou dans la page.")


@dataclass(frozen=True)
class Retouche:
    """``avant``, les octets de la main ; ``octets``, ceux qui les remplacent, où il y avait à
    écrire si ``change`` ; ``reste`` : faux quand la ligne dit maintenant tout ce que la main avait
    dit, et que la page est la sienne.
    """

    avant: bytes
    octets: bytes
    fait: Rafraichi
    reste: bool
    change: bool

    def written(self) -> Retouche:
        """La même, sans les octets, qui sont sur le disque."""
        return replace(self, avant=b"", octets=b"", fait=replace(self.fait, octets=b""))


def retouched(
    folder: Folder, name: str, known: Collection[str], made: bytes, document: Document
) -> Retouche | None:
    """Le fichier retouché de ce nom, rafraîchi d'après ``made``, la page qu'on vient d'en faire ;
    ``None`` quand rien n'y est d'une main. ``TargetError`` quand il ne peut pas l'être, et reste
    tel quel.
    """
    held = folder.read(name)
    if not held or fingerprint(held) in known:
        return None
    kept = held_by_hand(held, made)
    if not is_retouched(kept):
        return None
    try:
        _check_row(held, document)
        fresh = merged(held, made, document)
    except Exception as error:  # whatever a hand has done of one page, the others are made
        why = " ".join(one.message for one in refusal(error))
        raise TargetError(left_alone(kept, folder.place(name), why)) from error
    stays = bool(work_in(fresh.octets))
    octets = fresh.octets if stays else made
    return Retouche(held, octets, fresh, stays, octets != held)


def is_page_of(folder: Folder, name: str, document: Document) -> bool:
    """Vrai d'un fichier qui peut être la page de cette ligne ; faux de celle d'une autre."""
    try:
        _check_row(folder.read(name), document)
    except DlaDocsError:
        return False
    return True


def left_behind(folder: Folder, old: Mapping[str, str]) -> Iterator[Constat]:
    """Ceux de ces fichiers d'une fois d'avant, chacun avec l'empreinte de ce qu'on y avait écrit,
    qui tiennent le travail de quelqu'un : plus rien ne le porte.
    """
    for name, mark in sorted(old.items()):
        try:
            held = folder.read(name)
            if not held or fingerprint(held) == mark:
                continue
            kept = held_by_hand(held, b"")
        except DlaDocsError:  # it cannot be read: it is named as an old one
            continue
        if kept:
            yield Constat(
                f"Ce fichier d'une fois d'avant ne se fait plus, et {kept}.",
                fichier=folder.place(name),
                conseil="Reportez ailleurs ce qui doit en être gardé, puis ôtez-le du dossier.",
            )


def _check_row(held: bytes, document: Document) -> None:
    """``InputError`` quand c'est la page d'une autre ligne, mise là sous ce nom."""
    sent = open_envelope(open_package(held))
    if sent is None or sent.slug != document.slug():
        return  # the merge says so
    model, said, told = type(document), dict(sent.donnees), data_of(document)
    other = another(model, said, told)
    if not other and not (said.get(FIELD) and said[FIELD] == told.get(FIELD)):
        other = header_difference(model, said, told, HOLDERS)
    if other:
        raise InputError(f"C'est la page d'une autre ligne. {other}.")


def another(model: type[Document], said: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """Qui l'une de ces deux lignes nomme, et l'autre pas : une référence passe parfois d'une ligne
    à l'autre, un SIRET non ; un nom non plus, quand aucun SIRET ne dit qu'il a été corrigé.
    """
    for name in dict.fromkeys((*HOLDERS, model.distingue_par)):
        node = model.schema_node().children.get(name)
        one, other = (identities(data.get(name)) for data in (said, told))
        sirets = [_sirets(data.get(name)) for data in (said, told)]
        marks = sirets if all(sirets) else [one.keys(), other.keys()]
        if node is not None and all(marks) and set(marks[0]).isdisjoint(marks[1]):
            was, now = (quoted(", ".join(sorted(held.values()))) for held in (one, other))
            return f"{node.label or name} : {was} d'un côté, {now} de l'autre"
    return ""


def _sirets(value: Any) -> set[str]:
    rows = value if isinstance(value, list) else [value]
    return {str(row["siret"]) for row in rows if isinstance(row, Mapping) and row.get("siret")}

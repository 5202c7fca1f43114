"""La page de conformité d'une preuve : ce qui est jugé, le verdict en une phrase, puis ce qui
bloque, ce qui est à compléter, ce qui est respecté, ce qui n'avait pas à l'être.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from dla_docs.annexes.conformite import PageDeConformite
from dla_docs.builder.printed_words import typeset
from dla_docs.constat import Gravite, without_path
from dla_docs.model.node import Node
from dla_docs.model.requirement import GUIDES, referentiel
from dla_docs.model.validation import validated
from dla_docs.parties.deroulement import Avancement
from dla_docs.profils.grafting import adapted
from dla_docs.profils.profil import Profil
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.spelling import capitalised, counted
from dla_docs.stages.evidence import Conformite, ConstatEcrit, FichierLu, Juge, ProfilSuivi
from dla_docs.stages.ledger import Motif


def page_of(proof: Conformite, profil: Profil) -> PageDeConformite:
    """La page d'une preuve dont le fichier se lit, sous son profil."""
    juge, suivi = proof.juge, proof.profil
    if juge is None or suivi is None:
        raise ValueError("nothing was judged")
    blocking = [one for one in proof.constats if one.gravite == str(Gravite.BLOQUANT)]
    advised = [one for one in proof.constats if one not in blocking]
    return validated(
        PageDeConformite,
        {
            **_identity(proof, juge, suivi),
            "verdict": _sentence(proof, juge, suivi, len(blocking), len(advised)),
            "bloquants": _faults(blocking, juge, profil),
            "recommandes": _faults(advised, juge, profil),
            "a_jour": _faults(proof.a_jour.constats if proof.a_jour else (), juge, profil),
            "respectees": _by_heading(proof.respectees, profil),
            "non_verifiees": list(_by_reason(proof)),
            "donnees": [
                {"nom": f"Données de « {juge.titre} »", "empreinte": juge.sha256},
                *map(_file, (*juge.fichiers, *suivi.fichiers)),
            ],
        },
    )


def _sentence(
    proof: Conformite, juge: Juge, suivi: ProfilSuivi, blocking: int, advised: int
) -> str:
    reached = _stage(juge)
    where = f" ({reached[:1].lower()}{reached[1:]})" if reached else ""
    stops = counted(blocking, "point bloque", "points bloquent") if blocking else "rien ne bloque"
    tips = f", {counted(advised, 'point est', 'points sont')} à compléter" * bool(advised)
    kept = counted(len(proof.respectees), "exigence est respectée", "exigences sont respectées")
    words, rest = (HANDED, f" {UNTOLD}") if proof.destinataire else (WHOLE, "")
    said = words[0] if proof.conforme else words[1]
    return f"{said} au profil « {suivi.nom} »{where} : {stops}{tips}, {kept}.{rest}"


WHOLE = ("Conforme", "Non conforme")
HANDED = ("Ce qui est remis est conforme", "Ce qui est remis n'est pas conforme")
UNTOLD = "Ce que la mission tient d'autre n'est pas jugé ici."


def _stage(juge: Juge) -> str:
    """As a message says it: a mission has no stages of its own, but it goes on."""
    if juge.stade is None:
        return ""
    known = FORMULAIRES[juge.sorte].stades or Avancement
    said = known[juge.stade.upper()].phrase
    return capitalised(said)


def _identity(proof: Conformite, juge: Juge, suivi: ProfilSuivi) -> dict[str, Any]:
    table = proof.referentiel
    begun = f" ; mission jugée selon la version {table.selon}" * (table.selon != table.version)
    return {
        "verifie": f"{juge.titre} : ce qui en est remis" if proof.destinataire else juge.titre,
        "documents": " ; ".join(DOCUMENTS[slug].titre for slug in juge.documents),
        "reference": juge.reference,
        "beneficiaires": [{"nom": name} for name in juge.structures],
        "stade_atteint": _stage(juge) or None,
        "verifie_le": proof.verifie_le,
        "profil_suivi": suivi.nom,
        "guides": ", ".join(GUIDES[guide] for guide in suivi.guides),
        "referentiel": f"version {table.version} du {table.date:%d/%m/%Y}{begun}",
        "logiciel": f"dla_docs {proof.dla_docs}".strip(),
    }


def _faults(constats: Iterable[ConstatEcrit], juge: Juge, profil: Profil) -> list[dict[str, Any]]:
    return [
        {
            "point": {
                "lieu": typeset(lieu(one.chemin, juge.sorte, profil)),
                "message": typeset(without_path(one.message)),
                "chemin": BREAKS.sub("\\g<0>\N{ZERO WIDTH SPACE}", one.chemin),
            },
            "source": typeset(one.source),
            "conseil": typeset(one.conseil),
        }
        for one in constats
    ]


SEVERAL = 3  # ids in a row, of which the page says the ends only
BREAKS = re.compile(r"[._\]]")  # after which a path may go on to the next line


def lieu(chemin: str, sorte: str, profil: Profil) -> str:
    """L'endroit d'un chemin, tel que les pages le disent : « Rapport final › Le déroulement de la
    mission, ligne 2 › Dates » ; le titre du document quand le chemin ne dit que lui.
    """
    held = None if sorte in DOCUMENTS else IN_MISSION.match(chemin)
    number, slug, rank = held.groups() if held else (None, None, None)
    rest = chemin[held.end() :] if held else chemin
    kind = slug or ("mission" if sorte == "parcours" else sorte)
    if kind not in FORMULAIRES:
        return chemin
    model = adapted(FORMULAIRES[kind], profil)
    said = [
        f"Mission {int(number) + 1}" if number else "",
        f"{model.titre} ({int(rank) + 1})"
        if rank
        else model.titre
        if slug or not rest or sorte in DOCUMENTS
        else "",
        *_labels(rest, model.schema_node()),
    ]
    return " › ".join(filter(None, said))


IN_MISSION = re.compile(r"(?:missions\[(\d+)\]\.?)?(?:documents\.(\w+)(?:\[(\d+)\])?\.?)?")


def _labels(path: str, node: Node | None) -> Iterator[str]:
    """A part without a label is the title of its class on the page; a row, its number."""
    for name, rank in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        node = node.children.get(name) if node else None
        label = (node.label if node else name).rstrip(" :")
        if label:
            yield f"{label}, ligne {int(rank) + 1}" if rank else label


def _by_heading(ids: Iterable[str], profil: Profil) -> list[dict[str, Any]]:
    """In the order of the guides, then of the table."""
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for identifiant in ids:
        exigence = referentiel().get(identifiant)
        guide, *place = (
            exigence.place(profil.sources, str(profil.cle))
            if exigence
            else (f"Profil {profil.cle}",)
        )
        heading = typeset(" · ".join(filter(None, place)))
        held = found.setdefault(guide, {}).setdefault(heading, [])
        asked = typeset(exigence.titre) if exigence else ""
        held.append({"identifiant": identifiant, "titre": asked})
    known = list(GUIDES.values())
    return [
        {
            "nom": guide,
            "rubriques": [
                {"rubrique": place, "exigences": said} for place, said in found[guide].items()
            ],
        }
        for guide in sorted(found, key=lambda one: known.index(one) if one in known else len(known))
    ]


def _by_reason(proof: Conformite) -> Iterator[dict[str, str]]:
    order = list(Motif)  # the widest reason comes last
    found: dict[tuple[Motif, str], list[str]] = {}
    for one in proof.non_verifiees:
        found.setdefault((one.motif, one.raison), []).append(one.exigence)
    for (_, reason), ids in sorted(found.items(), key=lambda one: -order.index(one[0][0])):
        yield {"raison": capitalised(reason), "exigences": ", ".join(_runs(ids))}


def _runs(ids: Sequence[str]) -> Iterator[str]:
    """« MON-01 à MON-26, MON-28 »: the ids of a family that follow one another, by their ends."""
    for _, group in groupby(enumerate(ids), key=lambda one: _follows(*one)):
        run = [one for _, one in group]
        yield from [f"{run[0]} à {run[-1]}"] if len(run) >= SEVERAL else run


def _follows(rank: int, identifiant: str) -> tuple[str, int]:
    """The same for those that follow one another; the id of a profile's own content has no number,
    and follows none.
    """
    family, _, number = identifiant.rpartition("-")
    return (family, int(number) - rank) if number.isdecimal() else (identifiant, rank)


def _file(file: FichierLu) -> dict[str, str]:
    return {"nom": file.nom, "empreinte": file.sha256}

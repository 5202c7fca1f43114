"""Ce qu'une page retouchée dit autrement que ce dont elle est faite, dit à qui doit y regarder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dla_docs.constat import Constat, Gravite
from dla_docs.forms.answers_taken import Changement
from dla_docs.raw.quoting import argument, quoted, quoted_apart
from dla_docs.retouches.refresh import Rafraichi

CHOOSE = "Choisissez dans Word : accepter prend {}, refuser garde la main."
WRITE_IT = "Écrivez-le dans Word, là où il doit se lire, ou laissez la page telle quelle."


@dataclass(frozen=True)
class Source:
    """Ce dont une page est faite : son nom, et comment y mettre une réponse de la page, dont le
    fichier prend la place de « {} ».
    """

    nom: str
    rapporter: str


def of_mission(place: object = None) -> Source:
    """La mission de ce fichier ; d'un fichier qu'on ne sait pas sans lui."""
    where = argument(place).replace("{", "{{").replace("}", "}}") if place else "MISSION"
    return Source(
        "la mission",
        f"« dla-docs lire {{}} --dans {where} » met dans la mission une réponse de la page ; "
        "sinon, corrigez la page.",
    )


def contradictions(path: Path, made: Rafraichi, source: Source) -> Iterator[Constat]:
    """Ce que cette page dit autrement que sa source, telle qu'elle le dit."""
    yield from _to_choose(path, made, source.nom)
    for one in made.sans_place:
        said = f"{_headed(source.nom)} dit maintenant {quoted(one.apres)}{_field(one)}"
        gone = _of(path, one, f"{said}, et la page n'en a plus la place.", WRITE_IT)
        yield replace(gone, gravite=Gravite.AVERTISSEMENT)
    bring_back = source.rapporter.format(argument(path))
    for one in made.ecarts:
        ours, told = quoted_apart(one.avant, one.apres)
        if one.avant:
            theirs = f"dit {told}" if one.apres else "n'en dit rien"
            said = f"La page dit {ours}, et {source.nom} {theirs}{_field(one)}."
            yield _of(path, one, said, bring_back)
        else:
            said = f"La page ne dit pas ce que dit {source.nom}, {told}{_field(one)}."
            yield replace(_of(path, one, said, bring_back), gravite=Gravite.AVERTISSEMENT)


def _to_choose(path: Path, made: Rafraichi, source: str) -> Iterator[Constat]:
    for one in made.conflits:
        ours, told = quoted_apart(one.avant, one.apres)
        if one.avant and one.apres:
            said = f"La page garde {ours}, et {source} dit {told}"
        elif one.apres:
            said = f"La page a été vidée de ce que dit {source}, {told}"
        else:
            said = f"La page garde {ours}, que {source} n'a plus"
        yield _of(path, one, f"{said}{_field(one)}, à choisir.", CHOOSE.format(source))


def _headed(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def _of(path: Path, change: Changement, message: str, advice: str) -> Constat:
    return Constat(message, chemin=change.chemin, fichier=str(path), conseil=advice)


def _field(change: Changement) -> str:
    return f" ({change.libelle}, {change.chemin})" if change.chemin else ""

"""Des documents retouchés à la main puis rafraîchis, tirés au sort : chaque sorte, autant de
retouches que l'on veut, et autant de changements de la mission.

    python -m tests.bench.retouches RESULTATS.jsonl

mesure ce que le fichier ne tient pas encore, puis écrit sa part de docs/fiabilite.md. La mesure se
coupe et se reprend ; « --part 1/2 » et « --part 2/2 » la partagent entre deux processus, et
n'écrivent que le fichier ; « --combien 0 » n'en mesure aucune de plus. Le fichier ne vaut que pour
le programme qu'il a mesuré : ce qui change le programme l'efface. « --onlyoffice CHEMIN/x2t » fait
enregistrer aussi par le convertisseur d'OnlyOffice, que porte le paquet « document-builder ».
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dla_docs import DOCUMENTS
from tests.bench.fiabilite import write_part
from tests.bench.resultats import known, measure
from tests.retouches.outcomes import Outcome, outcome, steps_of
from tests.word_forms import resaved_by_onlyoffice, resaved_many

COMBIEN = 50
ENREGISTRES = 2
"""Retouches par sorte ; celles qu'un autre programme enregistre aussi à chaque étape."""
DIRECT, LIBREOFFICE, ONLYOFFICE = MANIERES = ("direct", "libreoffice", "onlyoffice")
TITRES = {
    DIRECT: "Tel quel",
    LIBREOFFICE: "Enregistré par LibreOffice à chaque étape",
    ONLYOFFICE: "Enregistré par le convertisseur d’OnlyOffice à chaque étape",
}
Saver = Callable[[Mapping[str, bytes], Path], Mapping[str, bytes]]
PROMESSES = {
    "rendu": "Rafraîchis jusqu’au bout",
    "mot": "Mots de la main, encore là",
    "signe": "Images, notes, commentaires, marques et sections de la main, encore là",
    "fait": "Faits changés dans la mission, à jour ou nommés",
    "texte": "Textes du modèle venus ou partis, à jour ou nommés",
    "champ": "Champs qui disent la mission ou la main",
    "champs": "Aucun champ deux fois",
    "sain": "Fichiers sains",
    "refait": "Refaits sans rien de changé : les mêmes octets",
}


def names(way: str, times: int) -> list[str]:
    """Les essais, toutes les sortes à leur tour : une mesure coupée est un échantillon de tous."""
    return [f"{way} {slug} {seed}" for seed in range(times) for slug in DOCUMENTS]


def direct(name: str) -> dict[str, Any]:
    """Ce qu'il en est de cet essai."""
    _, slug, seed = name.rsplit(" ", 2)
    return _said(outcome(slug, int(seed)))


def resaved(names: Iterable[str], save: Saver) -> dict[str, dict[str, Any]]:
    """Ce qu'il en est de ces essais, un autre programme enregistrant chaque fichier : tous les
    premiers d'un trait, puis tous les seconds.
    """
    trials = {name: steps_of(name.split()[1], int(name.split()[2]), resaved=True) for name in names}
    given = {name: next(trial) for name, trial in trials.items()}
    done: dict[str, dict[str, Any]] = {}
    while given:
        with TemporaryDirectory() as folder:
            saved = save(given, Path(folder))
        given = {}
        for name, octets in saved.items():
            try:
                given[name] = trials[name].send(octets)
            except StopIteration as end:
                done[name] = _said(end.value)
    return done


def _said(told: Outcome) -> dict[str, Any]:
    return {"comptes": told.counts, "fautes": told.faults}


def section(found: Mapping[str, Mapping[str, Any]]) -> str:
    """La part de la page que cette mesure écrit."""
    tables = "\n\n".join(_table(way, found) for way in MANIERES if _of(way, found))
    return f"""## Retouché à la main, puis rafraîchi

Un document part, une main y fait une à six retouches tirées au sort parmi trente-deux (mots,
réponses, paragraphes, lignes et champs ajoutés, copiés, déplacés, ôtés ; notes, commentaires,
images, équations, sauts de page, modifications suivies, tableaux, sections, en-têtes). Une fois sur
deux, la mission en change une à douze choses (valeurs, lignes, conditions, profil) ; sinon tout un
pan de la page change, dans un sens ou dans l'autre : réponses ou listes vidées, choix tous
basculés, lignes doublées, ajoutées, creuses, retournées, profil, charte, stade, brouillon devenu
définitif. Il est rafraîchi, puis rafraîchi encore sans rien de changé, puis ramené à la mission du
départ. Chaque promesse est comptée aux deux bouts ; un fait proposé en suivi des modifications
compte comme à jour : c'est ce qu'y lit la lecture.

{tables}
"""


def _of(way: str, found: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(name, said) for name, said in found.items() if name.startswith(f"{way} ")]


def _table(way: str, found: Mapping[str, Mapping[str, Any]]) -> str:
    done = _of(way, found)
    counts: Counter[str] = Counter()
    for _, said in done:
        counts.update(said["comptes"])
    kinds = len({name.rsplit(" ", 2)[1] for name, _ in done})
    rows = "\n".join(
        f"| {title} | {counts[what]} | {counts[f'{what}, faux']} |"
        for what, title in PROMESSES.items()
        if counts[what]
    )
    return f"""{TITRES[way]} : {len(done)} essais, de {kinds} sortes ;
{counts["à jour"]} faits à jour, {counts["nommé"]} seulement nommés.

| Promesse | Comptés | Non tenus |
| --- | ---: | ---: |
{rows}"""


def faults(found: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """Ce qui n'a pas été tenu, essai par essai."""
    return (f"{name} : {fault}" for name, said in found.items() for fault in said["fautes"])


def main() -> None:
    """Mesure, écrit sa part de la page, et dit ce qui n'a pas été tenu."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("resultats", type=Path)
    parser.add_argument("--combien", type=int, default=COMBIEN)
    parser.add_argument("--enregistres", type=int, default=ENREGISTRES)
    parser.add_argument("--onlyoffice", type=Path)
    parser.add_argument("--part", default="")
    chosen = parser.parse_args()
    alone = names(DIRECT, chosen.combien)
    if chosen.part:
        rank, parts = map(int, chosen.part.split("/"))
        measure(alone[rank - 1 :: parts], direct, chosen.resultats)
        return
    measure(alone, direct, chosen.resultats)
    savers: dict[str, Saver] = {LIBREOFFICE: resaved_many}
    if chosen.onlyoffice:
        savers[ONLYOFFICE] = partial(resaved_by_onlyoffice, chosen.onlyoffice)
    for way, save in savers.items():
        held = known(chosen.resultats)
        left = [name for name in names(way, chosen.enregistres) if name not in held]
        measure(left, resaved(left, save).__getitem__, chosen.resultats)
    found = known(chosen.resultats)
    for fault in faults(found):
        print(fault)
    write_part("retouches", section(found))


if __name__ == "__main__":
    main()

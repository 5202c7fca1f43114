"""Le dépouillement : des fiches, les chiffres et les commentaires d'une synthèse, déjà rendus
anonymes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from dla_docs.model.values import Reponse
from dla_docs.model.values.numbers import share
from dla_docs.registry import DOCUMENTS
from dla_docs.spelling import fold
from dla_docs.synthese.anonymity import Shown, gathered, too_few
from dla_docs.synthese.sheets import Fiche, LigneDeGrille, blank_lines

Data = dict[str, Any]
Line = tuple[str, str]  # a part and a criterion, as both grids print them
Asked = tuple[str, Line]  # of which grid

TOUS_LES_RESULTATS = "Résultats attendus, tous réunis"
DEDUCED = "non montré : un autre groupe, qui a trop peu de réponses, s'en déduirait"


def bilan(fiches: Sequence[Fiche], seuil: int) -> Data:
    """Ce que disent les fiches d'une même grille : critères, résultats, commentaires."""
    if not fiches:
        return {}
    lines = [line for fiche in fiches for line in fiche.lignes]
    grid = _grid(fiches)
    return {
        "criteres": [
            row
            for blank in grid
            if blank.question
            for row in _criterion(blank, _on(lines, blank), seuil)
        ],
        "resultats": list(
            _named((line for line in lines if line.resultat), "intitule", "résultat", seuil)
        ),
        "commentaires": [
            row
            for path in _paths(grid, lines)
            for row in _remarks([line for line in lines if line.chemin == path], len(fiches), seuil)
        ],
    }


def _grid(fiches: Iterable[Fiche]) -> list[LigneDeGrille]:
    """The lines of the form, and those that a DLA has added to some of the sheets."""
    longest, *others = sorted(
        (blank_lines(model) for model in dict.fromkeys(type(fiche.document) for fiche in fiches)),
        key=len,
        reverse=True,
    )
    known = {line.chemin for line in longest}
    return [
        *longest,
        *{
            line.chemin: line for grid in others for line in grid if line.chemin not in known
        }.values(),
    ]


def chiffres(answers: Iterable[Reponse | None], seuil: int, masked: str = "") -> Data:
    """Les nombres et les parts de réponses ; sous le seuil, rien que la note qui le dit, ou celle
    qui est donnée (``masked``).
    """
    counts = Counter(answer for answer in answers if answer is not None)
    total = counts.total()
    if masked or 0 < total < seuil:
        return {"note": below(seuil) if 0 < total < seuil else masked}
    said = {
        "oui": counts[Reponse.OUI],
        "non": counts[Reponse.NON],
        "sans_objet": counts[Reponse.SANS_OBJET],
    }
    shares = {f"part_{name}": share(count, total) for name, count in said.items()} if total else {}
    return {"reponses": total, **said, **shares}


def below(seuil: int) -> str:
    """Ce qu'on lit à la place de ce qui est caché."""
    return f"moins de {seuil} réponses"


def groupes(
    fiches: Sequence[Fiche],
    name_of: Callable[[Fiche], str],
    noun: str,
    seuil: int,
    montre: Shown,
    by_name: bool = False,
) -> list[Data]:
    """Les fiches rangées par nom, les groupes les plus nombreux d'abord (``by_name`` : par nom) ;
    rien quand aucune fiche ne dit le sien. Tant que ``montre``, qui sait ce qui l'est déjà, en
    déduirait un groupe trop petit, les moins nombreux se réunissent.
    """
    held = _by_name(fiches, name_of, f"{noun.capitalize()} : sans indication")
    if not any(map(name_of, fiches)):
        return []
    ranked = sorted(
        held.items(), key=lambda item: fold(item[0]) if by_name else (-len(item[1]), fold(item[0]))
    )
    shown, small = gathered(((item, len(item[1])) for item in ranked), seuil)
    named = _united(shown, small, noun)
    while shown and not montre.accepts(
        "fiches", (_people(some) for _, some in named if len(some) >= seuil)
    ):
        small.append(shown.pop(shown.index(min(shown, key=lambda item: len(item[1])))))
        named = _united(shown, small, noun)
    return list(_groups(named, _shown_lines(fiches, seuil), seuil, montre))


def _united(
    shown: Sequence[tuple[str, list[Fiche]]], small: Sequence[tuple[str, list[Fiche]]], noun: str
) -> list[tuple[str, list[Fiche]]]:
    together = [fiche for _, some in small for fiche in some]
    return [*shown, *([(_together(len(small), noun), together)] if small else [])]


def _people(fiches: Iterable[Fiche]) -> frozenset[int]:
    return frozenset(map(id, fiches))


def totaux(fiches: Sequence[Fiche], seuil: int) -> Shown:
    """Ce que montrent les totaux, avant toute vue : combien de fiches de chaque grille, et qui a
    répondu à chaque critère.
    """
    montre = Shown(seuil)
    for kind, some in _by_kind(fiches).items():
        montre.accepts("fiches", [_people(some)])
        for key in _shown_of(some, seuil):
            montre.accepts(key, [_answering(some, (kind, key))])
    return montre


def _answering(fiches: Iterable[Fiche], *asked: Asked) -> frozenset[int]:
    return _people(fiche for fiche in fiches if any(one in asked for one, _ in _answers(fiche)))


def _criterion(blank: LigneDeGrille, lines: Sequence[LigneDeGrille], seuil: int) -> Iterator[Data]:
    if blank.libre:
        yield from (
            {"partie": blank.partie, **row}
            for row in _named(lines, "critere", "critère", seuil, f"{blank.libelle} : ")
        )
    else:
        yield {
            "partie": blank.partie,
            "critere": blank.libelle,
            "chiffres": chiffres((line.reponse for line in lines), seuil),
        }


def _named(
    lines: Iterable[LigneDeGrille], field: str, noun: str, seuil: int, prefix: str = ""
) -> Iterator[Data]:
    """The lines that sheets name themselves: those of one name together, those too few to be shown
    in one row.
    """
    answered = [line for line in lines if line.reponse is not None]
    ranked = sorted(
        _by_name(answered, lambda line: line.intitule, "sans intitulé").items(),
        key=lambda item: (-len(item[1]), fold(item[0])),
    )
    shown, small = gathered(((item, len(item[1])) for item in ranked), seuil)
    for name, some in shown:
        yield {
            field: f"{prefix}{name}",
            "chiffres": chiffres((line.reponse for line in some), seuil),
        }
    if small:
        rest = chiffres((line.reponse for _, some in small for line in some), seuil)
        yield {field: f"{prefix}{_together(len(small), noun)}", "chiffres": rest}


def _together(number: int, noun: str) -> str:
    return f"Les moins nombreux, réunis ({number} {noun}{'s' if number > 1 else ''})"


def _by_name(
    items: Iterable[Any], name_of: Callable[[Any], str], nameless: str
) -> dict[str, list[Any]]:
    """Under each name as most write it, whatever the order of the sheets; accents, case and spaces
    make no other.
    """
    found: dict[str, list[tuple[str, Any]]] = {}
    for item in items:
        name = " ".join(name_of(item).split()) or nameless
        found.setdefault(fold(name), []).append((name, item))
    return {
        _usual([name for name, _ in said]): [item for _, item in said] for said in found.values()
    }


def _usual(names: Sequence[str]) -> str:
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], name))


def _paths(grid: Sequence[LigneDeGrille], lines: Sequence[LigneDeGrille]) -> list[str]:
    """Where comments stand, in the order of the form; rows are not on a blank one."""
    order = [line.chemin for line in grid]
    rows = dict.fromkeys(line.chemin for line in lines if line.resultat)
    after = max((rank for rank, line in enumerate(grid, 1) if line.question), default=0)
    return [*order[:after], *rows, *order[after:]]


def _remarks(lines: Sequence[LigneDeGrille], fiches: int, seuil: int) -> Iterator[Data]:
    """What was written beside a criterion: sorted,
    so that the order does not say who wrote what."""
    named = Counter(fold(line.intitule) for line in lines)
    titles = [
        f"{line.intitule} : " if line.intitule and named[fold(line.intitule)] >= seuil else ""
        for line in lines
    ]
    written = {
        (who, f"{title}{text}")
        for title, line in zip(titles, lines, strict=True)
        for who, text in line.remarques
    }
    if not written:
        return
    first = lines[0]
    title = {"partie": first.partie, "critere": first.partie if first.resultat else first.libelle}
    answers = sum(line.reponse is not None for line in lines) if first.question else fiches
    if answers < seuil:
        yield {**title, "note": f"{below(seuil)} : commentaires non montrés"}
    else:
        yield {
            **title,
            "remarques": [
                {"auteur": who, "texte": text}
                for who, text in sorted(written, key=lambda one: (one[0], fold(one[1]), one[1]))
            ],
        }


def _on(lines: Iterable[LigneDeGrille], blank: LigneDeGrille) -> list[LigneDeGrille]:
    return [line for line in lines if line.chemin == blank.chemin]


def _shown_lines(fiches: Sequence[Fiche], seuil: int) -> list[Asked]:
    """The criteria whose totals are shown: a group never helps to find the others again."""
    kinds = _by_kind(fiches)
    return [
        (kind, key) for kind in DOCUMENTS if kind in kinds for key in _shown_of(kinds[kind], seuil)
    ]


def _by_kind(fiches: Iterable[Fiche]) -> dict[str, list[Fiche]]:
    kinds: dict[str, list[Fiche]] = {}
    for fiche in fiches:
        kinds.setdefault(fiche.document.slug(), []).append(fiche)
    return kinds


def _shown_of(fiches: Sequence[Fiche], seuil: int) -> list[Line]:
    answers = Counter(key for fiche in fiches for (_, key), _ in _answers(fiche))
    official = dict.fromkeys(
        _key(line) for line in _grid(fiches) if line.question and not line.libre
    )
    return [key for key in dict.fromkeys([*official, *answers]) if answers[key] >= max(seuil, 1)]


def _answers(fiche: Fiche) -> Iterator[tuple[Asked, Reponse]]:
    """What a sheet answers to the lines that all sheets have, the expected results as one."""
    said = (line for line in fiche.lignes if line.resultat or not line.libre)
    return (
        ((fiche.document.slug(), _key(line)), line.reponse)
        for line in said
        if line.reponse is not None
    )


def _key(line: LigneDeGrille) -> Line:
    return line.partie, TOUS_LES_RESULTATS if line.resultat else line.libelle


def _groups(
    named: Sequence[tuple[str, list[Fiche]]], asked: Sequence[Asked], seuil: int, montre: Shown
) -> Iterator[Data]:
    """A group's total counts what its own rows let see, and nothing else: the difference would
    tell.
    """
    keys = list(dict.fromkeys(key for _, key in asked))
    known = set(asked)
    cells = [
        _cells((one for fiche in fiches for one in _answers(fiche)), known) for _, fiches in named
    ]
    hidden = {key: too_few([len(held.get(key, ())) for held in cells], seuil) for key in keys}
    for key in keys:
        people = [
            _answering(fiches, *(one for one in asked if one[1] == key))
            for rank, (_, fiches) in enumerate(named)
            if rank not in hidden[key] and len(fiches) >= seuil
        ]
        if not montre.accepts(key, people):
            hidden[key] = set(range(len(named)))
    for rank, ((name, fiches), held) in enumerate(zip(named, cells, strict=True)):
        few = f"moins de {seuil} fiches" if len(fiches) < seuil else ""
        shown = [] if few else [key for key in keys if key in held and rank not in hidden[key]]
        yield {
            "nom": name,
            "fiches": None if few else len(fiches),
            "chiffres": chiffres(
                (answer for key in shown for answer in held[key]),
                seuil,
                few or ("" if shown else below(seuil)),
            ),
            "criteres": [
                _cell(key, held[key], seuil, few or ("" if key in shown else DEDUCED))
                for key in keys
                if key in held
            ],
        }


def _cells(
    answers: Iterable[tuple[Asked, Reponse]], known: set[Asked]
) -> dict[Line, list[Reponse]]:
    found: dict[Line, list[Reponse]] = {}
    for asked, answer in answers:
        if asked in known:
            found.setdefault(asked[1], []).append(answer)
    return found


def _cell(key: Line, answers: Sequence[Reponse], seuil: int, masked: str) -> Data:
    return {"partie": key[0], "critere": key[1], "chiffres": chiffres(answers, seuil, masked)}

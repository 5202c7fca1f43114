"""``python -m dla_docs.manual.api [PAGE]`` : récrit ``docs/api.md``, les noms publics et ce que
chacun dit de lui-même.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import dla_docs
from dla_docs.errors import DlaDocsError
from dla_docs.manual.pages import first_sentence, table
from dla_docs.registry import CLASSES, DOCUMENTS

INTRODUCTION = """# Les noms publics

<!-- Écrit par « python -m dla_docs.manual.api » : corrigez la docstring, pas cette page. -->

Tout ce qu'un programme importe vient de `dla_docs` : `from dla_docs import load, check, render`.
Ce qui n'est pas sur cette page est privé, et change sans prévenir. Chaque fonction dit ses
arguments, ce qu'elle rend et toutes les erreurs qu'elle lève ; un fichier, en entrée ou en
sortie, se donne par son chemin (texte ou `Path`).
"""

# fmt: off
SINCE = {
    "0.2.0": [
        "AppelACompetences", "CahierDesCharges", "Changement", "Conformite", "Constat",
        "ConventionTripartite", "ConversionError", "DOCUMENTS", "DemandeDeModification",
        "DiagnosticPartage", "DiskError", "DlaDocsError", "Document", "Dossier", "Dossiers",
        "EnqueteBeneficiaire", "EnquetePrestataire", "EvaluationCollective",
        "EvaluationIndividuelle", "Examen", "Fait", "FichePrestataire", "Gravite",
        "GrilleDeLecture", "GrilleDeSuivi", "InputError", "Lecture", "Lot", "Mission",
        "Monographie", "NonConformityError", "NoteMiParcours", "NotificationDeChoix",
        "PackageError", "PlanAccompagnement", "Portefeuille", "Produit", "Profil", "Proposition",
        "Rafraichi", "RapportFinal", "Recueil", "ReferentielActivites", "Resultat", "Reunion",
        "Role", "SuiviPostAccompagnement", "SyntheseEvaluations", "TargetError", "TemplateError",
        "VerificationError", "attest", "batch", "check", "convert", "examine", "gather",
        "generate", "load", "load_profil", "make_dossier", "make_dossiers", "picture", "present",
        "read", "refresh", "render", "reunir", "synthesise", "to_yaml", "trame", "trames",
        "verify", "workbook", "write_back",
    ],
}
# fmt: on
"""The version in which each public name appeared; a new one goes under the version in progress."""

STABLE = """Un nom de cette liste garde son sens. Celui qui doit partir prévient une version mineure
avant, par un `DeprecationWarning` qui dit par quoi le remplacer : voir
[versions et retraits](../CONTRIBUTING.md#versions-et-retraits)."""


def page() -> str:
    """La page, en Markdown : les fonctions, les valeurs, les erreurs, les documents."""
    sections = {
        "Les fonctions": _functions(),
        "Ce qu'elles reçoivent et rendent": _values(),
        "Les erreurs": _errors(),
        "Les documents": _documents(),
        "Depuis quelle version": _since(),
    }
    said = ("\n".join((f"## {title}", "", *lines)).strip() for title, lines in sections.items())
    return "\n\n".join((INTRODUCTION.strip(), *said)) + "\n"


def functions() -> dict[str, FunctionType]:
    """Les fonctions publiques, et les méthodes des valeurs publiques qui ne sont pas des champs,
    par nom : ``load``, ``Portefeuille.load``.
    """
    held = {name: value for name, value in _public() if isinstance(value, FunctionType)}
    for owner, kind in _classes():
        if issubclass(kind, DlaDocsError) or hasattr(kind, "model_fields"):
            continue  # an error has no method of its own; a document says its fields on its page
        held |= {f"{owner}.{name}": method for name, method in _methods(kind)}
    return held


def _public() -> Iterator[tuple[str, Any]]:
    for name in dla_docs.__all__:
        yield name, getattr(dla_docs, name)


def _classes() -> Iterator[tuple[str, type]]:
    for name, value in _public():
        if isinstance(value, type) and name not in CLASSES.values():
            yield name, value


def _methods(kind: type) -> Iterator[tuple[str, FunctionType]]:
    for name, held in vars(kind).items():
        method = getattr(held, "__func__", held)
        if isinstance(method, FunctionType) and not name.startswith("_") and name != "to_dict":
            yield name, method


def _functions() -> Iterator[str]:
    for name, function in functions().items():
        lines = (inspect.getdoc(function) or "").replace("``", "`").split("\n")
        head = (f"### `{name}`", "", f"`{name}{_signature(function)}`", "")
        yield from (*head, *_spaced(lines), "")


def _spaced(lines: list[str]) -> Iterator[str]:
    """A list of Markdown stands apart from the line that announces it."""
    for line in lines:
        yield from (line, "") if line in {"Arguments :", "Erreurs :"} else (line,)


def _signature(function: FunctionType) -> str:
    """The arguments and their defaults; what they are is said below."""
    given = inspect.signature(function)
    plain = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for name, parameter in given.parameters.items()
        if name not in {"self", "cls"}
    ]
    return str(inspect.Signature(plain))


def _values() -> Iterator[str]:
    kinds = [(name, kind) for name, kind in _classes() if not issubclass(kind, DlaDocsError)]
    held = [("DOCUMENTS", type(DOCUMENTS)), *kinds]
    rows = ((f"`{name}`", _fields(kind), _said(kind)) for name, kind in held)
    return table(("Nom", "Ses champs", "Ce que c'est"), rows)


def _fields(kind: type) -> str:
    named = [f"`{field.name}`" for field in fields(kind)] if is_dataclass(kind) else []
    return ", ".join(named)


def _errors() -> Iterator[str]:
    found = [(name, kind) for name, kind in _classes() if issubclass(kind, DlaDocsError)]
    rows = ((f"`{name}`", f"`{kind.__mro__[1].__name__}`", _said(kind)) for name, kind in found)
    return table(("Nom", "Est une", "Quand"), rows)


def _documents() -> Iterator[str]:
    rows = (
        (f"`{name}`", f"[{DOCUMENTS[slug].titre}](documents/{slug}.md)")
        for slug, name in CLASSES.items()
    )
    return table(("Classe", "Document"), rows)


def _since() -> Iterator[str]:
    rows = ((version, ", ".join(f"`{name}`" for name in names)) for version, names in SINCE.items())
    yield from (STABLE, "", *table(("Version", "Les noms qu'elle a apportés"), rows))


def _said(kind: type) -> str:
    return first_sentence(kind).replace("``", "`") + "."


if __name__ == "__main__":
    where = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/api.md")
    where.write_text(page(), encoding="utf-8", newline="\n")

"""Les commandes qui renseignent : documents, montrer, exemple, exigences, profils, schema."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dla_docs.catalogue import DocumentDecrit, describe, kind_named, requirements, schema_json
from dla_docs.cli.affichage import say, say_raw, show_json, show_table
from dla_docs.documents import DOCUMENTS
from dla_docs.profil import PROFILS, load_profil
from dla_docs.resources import sample_path


class Format(StrEnum):
    """Comment le résultat s'écrit."""

    TEXTE = "texte"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="texte, ou json pour un programme.", metavar="FORMAT")]
Slug = Annotated[str, typer.Argument(help="Le nom du document, tel que « dla-docs documents » l'écrit.", metavar="DOCUMENT")]


def documents(format: FormatOption = Format.TEXTE) -> None:
    """Liste les documents que dla-docs sait produire."""
    found = [describe(model) for model in DOCUMENTS.values()]
    if format is Format.JSON:
        show_json([document.to_dict() for document in found])
    else:
        show_table(("Nom", "Titre", "Nature", "Guides"), (_row(document) for document in found))


def montrer(slug: Slug) -> None:
    """Montre un document : ses champs, qui les remplit, ce que les guides en demandent."""
    model = kind_named(slug)
    say(f"{model.titre}\n{model.source}")
    if model.alias:
        say(f"Aussi appelé : {', '.join(model.alias)}")
    nodes = [node for node in model.schema_node().walk() if node.path]
    rows = ((node.path, node.label or node.text, ", ".join(sorted(node.roles)), " ".join(map(str, node.exigences))) for node in nodes)
    show_table(("Champ", "Libellé", "Rempli par", "Exigences"), rows)


def exemple(slug: Annotated[str, typer.Argument(help="Le nom d'un document, ou « mission ».", metavar="DOCUMENT")]) -> None:
    """Écrit un fichier d'exemple complet, à copier et à adapter."""
    name = "mission_individuelle" if slug == "mission" else kind_named(slug).slug()
    say_raw(sample_path(name).read_text(encoding="utf-8"))


def exigences(
    document: Annotated[str | None, typer.Argument(help="Le nom d'un document, pour n'avoir que les siennes.", metavar="DOCUMENT")] = None,
    format: FormatOption = Format.TEXTE,
) -> None:
    """Liste ce que les guides demandent, et où chaque demande porte."""
    slug = kind_named(document).slug() if document else None
    found = [row for row in requirements() if slug is None or slug in row["documents"]]
    if format is Format.JSON:
        show_json(found)
    else:
        rows = ((row["id"], row["force"], ",".join(row["guides"]), row["titre"], " ".join(row["ou"])) for row in found)
        show_table(("Exigence", "Force", "Guides", "Titre", "Où"), rows)


def profils(format: FormatOption = Format.TEXTE) -> None:
    """Liste les profils régionaux livrés et les guides qu'ils suivent."""
    found = [load_profil(name) for name in PROFILS]
    if format is Format.JSON:
        show_json([{"cle": profil.cle, "nom": profil.nom, "guides": list(profil.guides)} for profil in found])
    else:
        show_table(("Profil", "Nom", "Guides"), ((str(p.cle), str(p.nom), ", ".join(p.guides)) for p in found))


def schema(slug: Annotated[str, typer.Argument(help="Le nom d'un document, ou « mission ».", metavar="DOCUMENT")]) -> None:
    """Écrit le JSON Schema d'un document, exigences comprises."""
    show_json(schema_json(slug))


def _row(document: DocumentDecrit) -> tuple[str, str, str, str]:
    return document.slug, document.titre, document.nature, ", ".join(document.guides)


COMMANDS = (documents, montrer, exemple, exigences, profils, schema)

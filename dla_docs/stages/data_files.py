"""Un fichier de données : lu, ou nommé pour ce qu'il est quand il est d'une autre sorte."""

from __future__ import annotations

from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import MAX_TEXT, read_bytes
from dla_docs.raw import RawMap, load_raw
from dla_docs.raw.quoting import argument
from dla_docs.word.file_kinds import other_kind

DATA = "des données (.yaml, .json)"
PARCOURS = "parcours"
"""Ce que dit être (« document ») un fichier qui cite plusieurs missions."""
GIVE = "Indiquez un fichier .yaml ou .json."
READ_IT = "D'un formulaire rempli, tirez d'abord les données, puis donnez-les : « {} »."


def load_data(path: str | Path) -> RawMap:
    """Les données d'un fichier YAML ou JSON ; ``InputError`` dit ce qui ne s'y lit pas, ou quelle
    autre sorte de fichier c'est.
    """
    try:
        return load_raw(path)
    except InputError:
        if what := other_kind(read_bytes(path, MAX_TEXT), DATA):
            advice = _read_first(Path(path)) if ".docx" in what or "PDF" in what else GIVE
            raise InputError(Constat(what, fichier=str(path), conseil=advice)) from None
        raise


def _read_first(form: Path) -> str:
    """The command that takes the data out of a filled form, as it is typed; what another program
    gives has no name to type.
    """
    named = form if form.suffix else Path("FORMULAIRE.docx")
    data = named.with_suffix(".yaml")
    if data == named:  # a form under the name of data: it would be written over
        data = named.with_stem(f"{named.stem}_lu")
    return READ_IT.format(f"dla-docs lire {argument(named)} -o {argument(data)}")


def is_parcours(path: str | Path) -> bool:
    """Vrai pour un fichier qui dit « document: parcours » ;
    ``InputError`` quand il ne se lit pas."""
    return load_data(path).get("document") == PARCOURS

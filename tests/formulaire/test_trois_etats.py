"""La comparaison de trois états, parti, revenu, présent : rien ne se perd sans un mot, et rien ne
vient d'une autre mission. Toutes les sortes qui voyagent, quel que soit le rôle et le nom du
fichier.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from dla_docs.errors import InputError
from dla_docs.forms import Reunion, reunir
from dla_docs.forms.blank_form import form, trame
from dla_docs.forms.intake import put
from dla_docs.forms.write_back import base_in
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import dotted, steps
from dla_docs.model.requirement import Role
from dla_docs.model.validation import validated
from dla_docs.profils.loading import load_profil
from dla_docs.raw import value_at
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.resources import sample_path
from dla_docs.stages.envelope import data_of
from dla_docs.stages.loading import load_mission
from tests import examples
from tests.formulaire.formulaires import another, answers, sample
from tests.formulaire.test_roles import fillers
from tests.word_forms import fill

NOMS = ("retour.docx", "proposition.docx", "Copie de mission (2).docx", "structure.docx")
PROVENANCES = ("mission_individuelle", "mission_collective")


@cache
def sent(slug: str, role: Role) -> bytes:
    """L'exemple, parti pour ce rôle ; ce qu'en voit le premier, quand chacun voit le sien."""
    return form(sample(slug).vues(role.value)[0], role, load_profil("national"))


@cache
def tags(slug: str, role: Role) -> tuple[str, ...]:
    """Les champs qui ont une réponse à l'envoi, mais les clés et ce qui dit de qui est la fiche."""
    document = sample(slug)
    whose = f"{document.distingue_par}." if document.multiple else "-"
    known = {one.tag: one.text for one in answers(sent(slug, role)) if one.text}
    return tuple(
        tag
        for tag in known
        if tag and not tag.endswith(".cle") and not tag.startswith(whose) and printed(document, tag)
    )


def printed(document: Document, tag: str) -> str:
    """Ce que dit un document à ce chemin, tel qu'imprimé."""
    node, value = (
        type(document).schema_node().find(tag),
        value_at(data_of(document), steps(tag), None),
    )
    assert node is not None
    loaded = None if value is None else value_type(type(document), tag).load(value)
    return format_value(node.format, loaded)


def changed(document: Document, texts: dict[str, str]) -> Document:
    """Le document, où ces champs disent autre chose."""
    data = data_of(document)
    for tag, text in texts.items():
        put(data, steps(tag), value_type(type(document), tag).load(text))
    return validated(type(document), data)


def turned(document: Document, name: str) -> Document:
    """Le document, les lignes de cette suite dans l'autre sens."""
    data = data_of(document)
    return validated(type(document), {**data, name: data[name][::-1]}) if name else document


def keyed_lists(document: Document) -> list[str]:
    """Les suites dont toutes les lignes ont une clé : leur ordre peut changer."""
    data = data_of(document)
    return [
        name
        for name, rows in data.items()
        if isinstance(rows, list) and all(isinstance(row, dict) and row.get("cle") for row in rows)
    ]


def in_place(tag: str, name: str, document: Document) -> str:
    """Le même champ de la même ligne, une fois la suite retournée."""
    first, *rest = steps(tag)
    if first != name:
        return tag
    rank: Any = rest[0]
    return dotted((first, len(data_of(document)[name]) - 1 - rank, *rest[1:]))


def sortes(*slugs: str) -> st.SearchStrategy[tuple[str, Role]]:
    """Une de ces sortes, et un rôle qui y remplit quelque chose."""
    return st.sampled_from(slugs).flatmap(
        lambda slug: st.tuples(st.just(slug), st.sampled_from(fillers(slug)))
    )


def texts(slug: str, known: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    """De une à trois autres réponses ; effacer n'est tenté que hors des lignes, qui sinon s'en
    vont.
    """
    pairs = st.sampled_from(known).flatmap(
        lambda tag: st.tuples(
            st.just(tag),
            st.sampled_from([another(slug, tag)] if "[" in tag else [another(slug, tag), ""]),
        )
    )
    return st.lists(pairs, min_size=1, max_size=3).map(dict)


def came_back(docx: bytes, name: str, base: dict[str, tuple[Document, ...]]) -> Reunion:
    """Le formulaire, revenu sous ce nom."""
    with TemporaryDirectory() as folder:
        (path := Path(folder) / name).write_bytes(docx)
        return reunir([path], base)


@pytest.mark.lent
@examples(1000, court=24, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_aucune_reponse_ne_se_perd_sans_un_mot(data: st.DataObject) -> None:
    slug, role = data.draw(sortes(*FORMULAIRES))
    document, known = sample(slug), tags(slug, role)
    chosen = tuple(data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=4)))
    back, since = data.draw(texts(slug, chosen)), data.draw(texts(slug, chosen))
    turn = data.draw(st.sampled_from(["", *keyed_lists(document)]))
    now = turned(changed(document, since), turn)
    docx, name = fill(sent(slug, role), back), data.draw(st.sampled_from(NOMS))
    try:
        found = came_back(docx, name, {slug: (now,)})
    except InputError as error:  # quite another structure has taken the place of the one it names
        assert any("structures" in tag for tag in since) and "pas celui de cette" in str(error)
        return
    named = {constat.chemin for constat in found.refus}
    for tag in {*back, *since}:
        node, place = type(document).schema_node().find(tag), in_place(tag, turn, document)
        assert node is not None
        was, said = printed(document, tag), printed(changed(document, back), tag)
        present, result = printed(now, place), printed(found.document, place)
        free = role.value in node.roles and (present in (was, said))
        assert result == (said if free and said != was else present), tag
        assert free or said in (was, present) or {tag, place} & named, tag


@cache
def base_of(mission: str) -> dict[str, tuple[Document, ...]]:
    """Ce que tient une mission d'exemple."""
    return base_in(sample_path(mission))


@pytest.mark.lent
@examples(200, court=6, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_rien_ne_vient_d_une_autre_mission(data: st.DataObject) -> None:
    ours, theirs = data.draw(st.permutations(PROVENANCES))
    slug, role = data.draw(sortes("mission", *DOCUMENTS))
    docx = foreign(theirs, slug, role)
    if docx:
        with pytest.raises(InputError, match="pas celui de cette mission"):
            came_back(docx, data.draw(st.sampled_from(NOMS)), base_of(ours))


@cache
def foreign(mission: str, slug: str, role: Role) -> bytes:
    """Le formulaire d'une autre mission ; vide quand ce rôle n'y a rien, ou n'en a pas un seul."""
    try:
        return trame(slug, load_mission(sample_path(mission)), role)
    except InputError:
        return b""

"""La comparaison de trois états, parti, revenu, présent : rien ne se perd sans un mot."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dla_docs.forms import reunir
from dla_docs.forms.blank_form import form
from dla_docs.forms.intake import put
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import steps
from dla_docs.model.requirement import Role
from dla_docs.model.validation import validated
from dla_docs.profils.loading import load_profil
from dla_docs.raw import value_at
from dla_docs.stages.envelope import data_of
from tests.formulaire.formulaires import another, answers, sample
from tests.word_forms import fill

SORTES = [
    ("evaluation_individuelle", Role.STRUCTURE),
    ("evaluation_individuelle", Role.PRESTATAIRE),
    ("grille_de_suivi", Role.PRESTATAIRE),
    ("proposition", Role.PRESTATAIRE),
    ("rapport_final", Role.CHARGE_DE_MISSION),
    ("enquete_beneficiaire", Role.STRUCTURE),
]


@cache
def sent(slug: str, role: Role) -> bytes:
    """L'exemple, parti pour ce rôle."""
    return form(sample(slug), role, load_profil("national"))


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


@pytest.mark.lent
@pytest.mark.parametrize(("slug", "role"), SORTES)
@settings(suppress_health_check=list(HealthCheck), max_examples=20, deadline=None)
@given(data=st.data())
def test_aucune_reponse_ne_se_perd_sans_un_mot(slug: str, role: Role, data: st.DataObject) -> None:
    document, known = sample(slug), tags(slug, role)
    chosen = tuple(data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=4)))
    back, since = data.draw(texts(slug, chosen)), data.draw(texts(slug, chosen))
    now = changed(document, since)
    found = reunir([fill(sent(slug, role), back)], {slug: (now,)})
    named = {constat.chemin for constat in found.refus}
    for tag in {*back, *since}:
        node = type(document).schema_node().find(tag)
        assert node is not None
        was, present, result = (printed(one, tag) for one in (document, now, found.document))
        said = printed(changed(document, back), tag)
        free = role.value in node.roles and (present in (was, said))
        if said == was:
            assert result == present, tag
        elif free:
            assert result == said, tag
        else:
            assert result == present, tag
            assert tag in named or said == present, tag

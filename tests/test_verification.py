"""``verify`` dit ce qui n'est pas sur la page comme cela devait y être, et rien d'autre."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from dla_docs import DOCUMENTS, Constat, Document, Mission, TemplateError, render, verify
from dla_docs.errors import PackageError
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node, steps
from dla_docs.resources import template_path
from dla_docs.stages.lost_values import missing
from dla_docs.stages.rendering import compiled_for, fill, template_for
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.verification import drawing_of, verified
from dla_docs.templating import Hole
from dla_docs.word.archive import deflate
from dla_docs.word.package import open_package
from tests import examples, one_in
from tests.corpus import samples
from tests.strategies import documents
from tests.word_packages import REL_TYPE, RELS, zipped

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = "word/document.xml"
GONE = "\ue000"  # stands for the value being taken off: no sample holds it
STORY = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")


@cache
def held() -> dict[str, Document]:
    """Les documents de ``samples/``, seuls ou dans une mission."""
    found: dict[str, Document] = {}
    for name, loaded in samples().items():
        if isinstance(loaded, Mission):
            inside = [document for some in loaded.documents.values() for document in some]
            found |= {f"{name} {n} {one.slug()}": one for n, one in enumerate(inside)}
        else:
            found[name] = loaded
    return found


# Chaque valeur, ôtée une à une


def filled(values: Mapping[str, Any], node: Node, path: str = "") -> Iterator[tuple[str, str]]:
    """Le chemin et le texte de chaque valeur remplie."""
    for child in node.children.values():
        value, way = values.get(child.name), f"{path}{child.name}"
        if child.kind is Kind.LEAF:
            if way not in Document.hors_page and (text := format_value(child.format, value)):
                yield way, text
        elif child.kind is Kind.PART and value:
            yield from filled(value, child, f"{way}.")
        elif child.kind is Kind.ROWS:
            for rank, row in enumerate(value or ()):
                yield from filled(row, child, f"{way}[{rank}].")


def printed_without(request: Request, path: str, text: str) -> bytes | None:
    """Le document où cette valeur a été ôtée de ses ``w:t`` ; ``None`` si la page ne la montre
    pas. Le modèle dit où elle est : un repère y prend sa place.
    """
    values = deepcopy(request.values)
    *way, last = steps(path)
    holder: Any = values
    for step in way:
        holder = holder[step]
    holder[last] = re.sub(r"[^\n]+", GONE, text)
    template = compiled_for(request)
    first = path.partition(".")[0].partition("[")[0]
    octets = template.render({**request.printable, first: values[first]}, request.mode)
    parts = open_package(octets)
    marked = {name for name in parts if STORY.fullmatch(name) and GONE.encode() in parts[name]}
    off = {name: parts[name].replace(GONE.encode(), b"") for name in marked}
    return zipped({**parts, **off}) if marked else None


def unnoticed(document: Document, every: int) -> tuple[int, list[str]]:
    """Combien de valeurs ont été ôtées, et les chemins de celles que rien ne signale ; une sur
    ``every``.
    """
    request = resolve(document)
    drawing = drawing_of(request)
    cases = [*filled(request.values, type(document).schema_node())][::every]
    tried, missed = 0, []
    for path, text in cases:
        octets = printed_without(request, path, text)
        if octets is None:
            continue
        tried += 1
        told = verified(octets, request, template_for(request), drawing)
        if path not in {constat.chemin for constat in told}:
            missed.append(path)
    return tried, missed


@cache
def first_of_their_kind() -> frozenset[str]:
    """De chaque sorte, celui qui tient le plus : les autres en redisent presque tout."""
    sizes = {
        name: len([*filled(resolve(one).values, type(one).schema_node())])
        for name, one in held().items()
    }
    kinds = {name: one.slug() for name, one in held().items()}
    return frozenset(
        max((name for name in sizes if kinds[name] == kind), key=sizes.__getitem__)
        for kind in kinds.values()
    )


@pytest.mark.lent
@pytest.mark.parametrize("name", held())
def test_chaque_valeur_otee_de_la_page_est_dite(name: str) -> None:
    tried, missed = unnoticed(held()[name], 1 if name in first_of_their_kind() else 4)
    print(f"{name} : {tried - len(missed)} sur {tried}")
    assert tried and missed == []


@pytest.mark.parametrize("slug", one_in(3, [(slug,) for slug in DOCUMENTS]))
def test_une_valeur_otee_de_la_page_est_dite(slug: str) -> None:
    tried, missed = unnoticed(held()[slug], 15)
    assert tried and missed == []


def test_le_cahier_des_charges_montre_tout_ce_qu_il_tient() -> None:
    request = resolve(held()["cahier_des_charges"])
    values = [*filled(request.values, type(request.document).schema_node())]
    shown = {path for path, text in values if printed_without(request, path, text)}
    assert {path for path, _ in values} - shown == {
        path for path, _ in values if path.endswith(".cle")
    }
    assert len(shown) > 70


# Rien n'est dit à tort


def said(document: Document, profil: str | None = None) -> list[Constat]:
    """Ce qui est dit d'un brouillon tel qu'il vient d'être rempli."""
    request = resolve(document, profil, brouillon=True)
    return verified(fill(request), request, template_for(request))


@given(document=documents())
def test_rien_n_est_dit_d_un_document_au_hasard(document: Document) -> None:
    assert said(document) == []


@pytest.mark.lent
@examples(300)
@given(document=documents())
def test_rien_n_est_dit_de_trois_cents_documents_au_hasard(document: Document) -> None:
    assert said(document) == []


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_rien_n_est_dit_d_un_exemple_d_une_region(slug: str) -> None:
    assert said(held()[slug], "npdc") == []


def with_template(slug: str, *changes: tuple[str, str]) -> bytes:
    """Le modèle Word livré, des textes changés ; chacun y est."""
    parts = open_package(template_path(slug))
    return zipped({**parts, BODY: changed(parts[BODY], *changes)})


def changed(part: bytes, *changes: tuple[str, str]) -> bytes:
    xml = part.decode()
    for old, new in changes:
        assert old in xml
        xml = xml.replace(old, new)
    return xml.encode()


def test_un_modele_qui_calcule_choisit_et_trie_est_fidele(tmp_path: Path) -> None:
    modele = tmp_path / "modele.docx"
    modele.write_bytes(
        with_template(
            "cahier_des_charges",
            (">Référence<", ">Référence {{ reference|upper }}, {{ plan.actions[0].cause }}<"),
            (">La problématique<", '>{% if nature == "?" %}{{ operateur.nom }}{% endif %}<'),
            (">Les enjeux<", ">Les enjeux de {{ structures[0].nom }}<"),
        )
    )
    document = held()["cahier_des_charges"]
    octets = render(document, modele=modele)
    assert verify(octets, document, modele=modele) == []
    assert verify(octets, document) != []


# Ce que chaque contrôle dit


def told(document: Document, *changes: tuple[str, str]) -> list[str]:
    """Ce qui est dit d'un document dont le corps a été changé après coup."""
    parts = open_package(render(document))
    tampered = zipped({**parts, BODY: changed(parts[BODY], *changes)})
    return [constat.message for constat in verify(tampered, document)]


REFERENCE, MISE_A_JOUR = "DLA00-2013-07", "18/02/2013"
PERDUE = (
    "Référence : « DLA00-2013-07 » devait être imprimé et ne l'est pas, entier et à sa place "
    "(reference)."
)
LAST_OF_ITS_ROW = f">{MISE_A_JOUR}</w:t></w:r></w:sdtContent></w:sdt></w:p></w:tc>"
NOTE = "Il est demandé au prestataire de justifier du coût qu’il propose au regard de son projet."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            [(f">{REFERENCE}<", "><")],
            [PERDUE],
            id="ôtée",
        ),
        pytest.param(
            [(f">{REFERENCE}<", ">DLA00-2013-0<")],
            [PERDUE],
            id="coupée",
        ),
        pytest.param(
            [
                (f">{REFERENCE}<", ">°<"),
                (f">{MISE_A_JOUR}<", f">{REFERENCE}<"),
                (">°<", f">{MISE_A_JOUR}<"),
            ],
            [
                PERDUE,
                "Date : « 18/02/2013 » devait être imprimé et ne l'est pas, entier et à sa place "
                "(date).",
            ],
            id="échangées",
        ),
        pytest.param(
            [(NOTE, NOTE.replace("justifier", "parler"))],
            [
                f"« {NOTE[:60]}… » devait être imprimé et ne l'est pas, entier et à sa place "
                "(conditions.justification)."
            ],
            id="un mot d'un texte imprimé",
        ),
        pytest.param(
            [(">La problématique<", ">Les problématiques<")],
            ["« La problématique » devait être imprimé et ne l'est pas, entier et à sa place."],
            id="un titre",
        ),
        pytest.param(
            [('w:val="reference"', 'w:val="date"')],
            [PERDUE],
            id="sous une autre étiquette",
        ),
        pytest.param(
            [("<w:sectPr", "<w:p><w:r><w:t>Un mot de trop</w:t></w:r></w:p><w:sectPr")],
            ["« Un mot de trop » est imprimé et ne devait pas l'être."],
            id="ajoutée",
        ),
        pytest.param(
            [(LAST_OF_ITS_ROW, f"{LAST_OF_ITS_ROW}<w:tc><w:p/></w:tc>")],
            [
                PERDUE,
                "Date : « 18/02/2013 » devait être imprimé et ne l'est pas, entier et à sa place "
                "(date).",
            ],
            id="dans une ligne d'une cellule de plus",
        ),
        pytest.param(
            [("<w:sectPr", '<w:p><w:r><w:footnoteReference w:id="99"/></w:r></w:p><w:sectPr')],
            ["La note de bas de page n° 99 est appelée et n'existe pas (word/document.xml)."],
            id="un fichier abîmé",
        ),
    ],
)
def test_ce_qui_a_change_est_dit(changes: list[tuple[str, str]], expected: list[str]) -> None:
    assert told(held()["cahier_des_charges"], *changes) == expected


def test_une_balise_restee_est_dite() -> None:
    left = "La balise « {{ oubli }} » est restée dans le document."
    assert left in told(held()["cahier_des_charges"], (">La problématique<", ">{{ oubli }}<"))
    # A text may hold one, when it is what was written.
    document = held()["cahier_des_charges"].model_copy(update={"reference": "{{ oubli }}"})
    assert verify(render(document, brouillon=True), document, brouillon=True) == []


@pytest.mark.parametrize("words", ["Choisir", "À remplir", "jj/mm/aaaa"])
def test_nos_propres_mots_otes_de_la_page_sont_dits_comme_une_autre_valeur(words: str) -> None:
    document = held()["cahier_des_charges"].model_copy(update={"reference": words})
    assert verify(render(document, brouillon=True), document, brouillon=True) == []
    made = open_package(render(document, brouillon=True))
    body = made[BODY].decode().replace(f">{words}<", "><")
    said = verify(zipped({**made, BODY: body.encode()}), document, brouillon=True)
    assert any(words in one.message and "ne l'est pas" in one.message for one in said)


@pytest.mark.parametrize("typed", ["{", "{{", "{{ "])
def test_un_signe_tape_ailleurs_ne_cache_pas_une_balise_restee(typed: str) -> None:
    document = held()["cahier_des_charges"].model_copy(update={"reference": typed})
    left = "La balise « {{ oubli }} » est restée dans le document."
    assert left in told(document, (">La problématique<", ">{{ oubli }}<"))


def test_une_balise_tapee_en_deux_textes_d_une_ligne_n_est_pas_un_reste(tmp_path: Path) -> None:
    modele, both = tmp_path / "modele.docx", ">Référence {{ reference }} {{ reference }}<"
    modele.write_bytes(with_template("cahier_des_charges", (">Référence<", both)))
    typed = {"reference": "DLA }} et {{ plus"}
    document = held()["cahier_des_charges"].model_copy(update=typed)
    octets = render(document, brouillon=True, modele=modele)
    assert verify(octets, document, brouillon=True, modele=modele) == []


def test_le_profil_demande_est_celui_de_la_page_attendue() -> None:
    document = held()["evaluation_individuelle"]
    octets = render(document, "paca", brouillon=True)
    assert verify(octets, document, "paca", brouillon=True) == []
    assert verify(octets, document, "centre", brouillon=True) != []


def test_la_derniere_ligne_perdue_est_dite() -> None:
    document = held()["cahier_des_charges"]
    parts = open_package(render(document))
    body = etree.fromstring(parts[BODY])
    row = [
        row
        for row in body.iter(f"{W}tr")
        if "Réviser les tarifs" in "".join(map(str, row.itertext()))
    ][-1]
    row.getparent().remove(row)  # type: ignore[union-attr]
    found = verify(zipped({**parts, BODY: etree.tostring(body)}), document)
    assert {constat.chemin.rpartition(".")[0] for constat in found} == {"plan.actions[2]"}
    assert len(found) == 5


@pytest.mark.parametrize(("length", "end"), [(60, "a »"), (61, "a… »")])
def test_seul_un_texte_plus_long_que_la_phrase_est_coupe(length: int, end: str) -> None:
    node = held()["cahier_des_charges"].schema_node()
    said = missing(Hole("contexte", "a" * length), node).message
    assert f"« {'a' * 59}{end} devait être imprimé" in said


def test_une_valeur_que_le_modele_cache_est_dite(tmp_path: Path) -> None:
    modele = tmp_path / "modele.docx"
    shown = "{{ conditions.justification }}"
    hidden = f'{{% if conditions.justification == "jamais" %}}{shown}{{% endif %}}'
    modele.write_bytes(with_template("cahier_des_charges", (f">{shown}<", f">{hidden}<")))
    document = held()["cahier_des_charges"]
    found = verify(render(document, modele=modele), document, modele=modele)
    assert [constat.chemin for constat in found] == ["conditions.justification"]


# Ce que la page montre autrement

RUN = rf"(<w:r>)(?=<w:t[^>]*>{REFERENCE})"


@pytest.mark.parametrize(
    ("pattern", "becomes"),
    [
        pytest.param(RUN, r"\1<w:rPr><w:vanish/></w:rPr>", id="caché"),
        pytest.param(RUN, r"\1<w:rPr><w:strike/></w:rPr>", id="barré"),
        pytest.param(
            RUN,
            r'\1<w:rPr><w:color w:val="FFFFFF"/></w:rPr>',
            id="blanc sur blanc",
        ),
        pytest.param(r"<w:headerReference [^>]*/>", "", id="en-tête débranché"),
        pytest.param(
            r'(<w:listItem )w:displayText="[^"]*"', r'\1w:displayText="Autre"', id="choix"
        ),
        pytest.param(r'w:fullDate="20\d\d', 'w:fullDate="1999', id="date du calendrier"),
    ],
)
def test_ce_qui_est_montre_autrement_est_dit(pattern: str, becomes: str) -> None:
    document = held()["cahier_des_charges"]
    parts = open_package(render(document))
    body, times = re.subn(pattern, becomes, parts[BODY].decode())
    assert times
    assert verify(zipped({**parts, BODY: body.encode()}), document)


def test_les_donnees_d_un_autre_document_sont_dites() -> None:
    document = held()["cahier_des_charges"]
    other = open_package(render(document.model_copy(update={"reference": "AUTRE"})))
    parts = open_package(render(document))
    name = next(name for name in parts if name.startswith("customXml/item1"))
    told = verify(zipped({**parts, name: other[name]}), document)
    assert [one.message for one in told] == [
        "Les données qui voyagent dans le fichier ne sont pas celles du document."
    ]


# Ce qui entoure la page


Change = Callable[[dict[str, bytes]], dict[str, bytes]]


def surrounded(change: Change) -> list[str]:
    """Ce qui est dit d'un rapport final dont des parties ont été changées après coup."""
    document = held()["mission_individuelle 13 rapport_final"]
    parts = open_package(render(document))
    return [constat.message for constat in verify(zipped(parts | change(parts)), document)]


def header(parts: dict[str, bytes], *changes: tuple[str, str]) -> dict[str, bytes]:
    """L'en-tête qui porte les logos, des morceaux changés."""
    name = next(name for name in parts if "header" in name and b"<w:drawing>" in parts[name])
    return {name: changed(parts[name], *changes)}


def test_un_logo_remplace_est_dit() -> None:
    def other(parts: dict[str, bytes]) -> dict[str, bytes]:
        return {next(name for name in parts if "media/image_" in name): b"\x89PNG\r\n\x1a\n"}

    assert any(one.endswith("n'est pas celle qui a été donnée.") for one in surrounded(other))


def test_un_logo_ote_de_l_en_tete_est_dit() -> None:
    def without(parts: dict[str, bytes]) -> dict[str, bytes]:
        drawn = re.search(
            r"<w:drawing>.*?</w:drawing>",
            next(
                parts[name] for name in parts if "header" in name and b"drawing" in parts[name]
            ).decode(),
        )
        assert drawn
        return header(parts, (drawn[0], ""))

    told = [one for one in surrounded(without) if one.startswith("L'image « Logo")]
    assert [one.endswith("devait être imprimée et ne l'est pas.") for one in told] == [True]


def test_le_texte_d_une_image_change_est_dit() -> None:
    told = surrounded(lambda parts: header(parts, ('descr="Logo du DLA"', 'descr="Un dessin"')))
    assert told == [
        "L'image « Logo du DLA » devait être imprimée et ne l'est pas.",
        "L'image « Un dessin » est imprimée et ne devait pas l'être.",
    ]


def test_le_titre_du_fichier_change_est_dit() -> None:
    core = "docProps/core.xml"
    told = surrounded(
        lambda parts: {core: changed(parts[core], (">Rapport final", ">Autre rapport"))}
    )
    assert len(told) == 1
    assert told[0].startswith("La propriété « title » du fichier devait être « Rapport final – ")


def test_une_partie_fixe_changee_est_dite() -> None:
    styles = "word/styles.xml"
    told = surrounded(lambda parts: {styles: changed(parts[styles], ("<w:b/>", ""))})
    assert told == ["La partie « word/styles.xml » n'est plus celle du modèle Word."]


def other_header(parts: dict[str, bytes]) -> dict[str, bytes]:
    """La page appelle un autre en-tête que le sien, qui reste dans le fichier."""
    types, rels = "[Content_Types].xml", "word/_rels/document.xml.rels"
    return {
        "word/header9.xml": changed(parts["word/header1.xml"], ("</w:hdr>", "<w:p/></w:hdr>")),
        "word/_rels/header9.xml.rels": parts["word/_rels/header1.xml.rels"],
        rels: changed(parts[rels], ("header1.xml", "header9.xml")),
        types: re.sub(
            rb'<Override[^>]*/word/header1.xml"[^>]*/>',
            lambda one: one[0] + one[0].replace(b"header1.xml", b"header9.xml"),
            parts[types],
        ),
    }


def inserted(name: str, end: str, words: str) -> Change:
    """Des mots de plus à la fin d'une partie."""
    return lambda parts: {name: changed(parts[name], (end, words + end))}


DESCRIBED = "<dc:description>Le concurrent demandait 3 000 euros</dc:description>"
AROUND: dict[str, tuple[Change, str]] = {
    "en-tête": (other_header, "La partie « word/header9.xml » n'est pas de ce document."),
    "réglages": (
        inserted("word/settings.xml", "</w:settings>", "<w:trackRevisions/>"),
        "La partie « word/settings.xml » n'est pas celle de ce document.",
    ),
    "propriété": (
        inserted("docProps/core.xml", "</cp:coreProperties>", DESCRIBED),
        "La propriété « description » du fichier ne devait rien dire, et dit « Le concurrent "
        "demandait 3 000 euros ».",
    ),
    "partie glissée": (
        lambda parts: {"word/secret.xml": b"<a>3 000 euros</a>"},
        "La partie « word/secret.xml » n'est pas de ce document.",
    ),
    "profil": (
        lambda parts: {
            (name := next(name for name in parts if name.startswith("customXml/item1"))): changed(
                parts[name], ('"profil": "', '"profil": "autre-')
            )
        },
        "Les données qui voyagent dans le fichier ne sont pas celles du document.",
    ),
}


def hidden(*changes: tuple[str, str]) -> Change:
    """Les propriétés du fichier, des morceaux changés."""
    return lambda parts: {CORE: changed(parts[CORE], *changes)}


def behind_the_page(more: Callable[[bytes], bytes]) -> Change:
    """La page qui voyage avec le document, ses octets changés."""

    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        name = next(name for name in parts if name.startswith("customXml/item1"))
        [packed] = re.findall(rb'depart="([^"]*)"', parts[name])
        made = base64.b64encode(more(base64.b64decode(packed)))
        return {name: parts[name].replace(packed, made)}

    return change


def beside_the_page(parts: dict[str, bytes]) -> dict[str, bytes]:
    """La page qui voyage, déplacée là où personne ne la lit."""
    name = next(name for name in parts if name.startswith("customXml/item1"))
    [left] = re.findall(rb' depart="[^"]*"', parts[name])
    return {name: parts[name].replace(left, b"").replace(b"</dla>", left + b"</dla>")}


def twice_said(packed: bytes) -> bytes:
    said = zlib.decompress(packed, -15)
    return deflate(b'{"word/document.xml": "SECRET", ' + said[1:])


CORE, TITLE = "docProps/core.xml", "<dc:title>"
OTHERWISE = "Les propriétés du fichier portent autre chose que ce qui était prévu."
OTHER_DATA = "Les données qui voyagent dans le fichier ne sont pas celles du document."
DAY = "2005-12-16T00:00:00Z"  # on it the final report was made
MOMENT = "<dcterms:created>SECRET</dcterms:created>"
HIDDEN: dict[str, tuple[Change, str]] = {
    "commentaire": (hidden((TITLE, f"<!--SECRET-->{TITLE}")), OTHERWISE),
    "titre double": (hidden((TITLE, f"{TITLE}FAUX</dc:title>{TITLE}")), OTHERWISE),
    "moment": (hidden(("</cp:coreProperties>", f"{MOMENT}</cp:coreProperties>")), OTHERWISE),
    "dans une propriété": (hidden(("</dc:title>", "<dc:x>SECRET</dc:x></dc:title>")), OTHERWISE),
    "entre deux": (hidden(("</dc:title>", "</dc:title>SECRET")), OTHERWISE),
    "attribut": (hidden((TITLE, '<dc:title xml:lang="SECRET">')), OTHERWISE),
    "à la place d'un jour": (hidden((f"{DAY}</dcterms:m", "SECRET</dcterms:m")), OTHERWISE),
    "dans l'attribut d'un jour": (
        hidden(("<dcterms:modified ", '<dcterms:modified xml:lang="SECRET" ')),
        OTHERWISE,
    ),
    "dans un jour": (
        hidden(("</dcterms:modified>", "<dc:x>SECRET</dc:x></dcterms:modified>")),
        OTHERWISE,
    ),
    "après un jour": (hidden(("</dcterms:modified>", "</dcterms:modified>SECRET")), OTHERWISE),
    "derrière la page": (behind_the_page(lambda packed: packed + b"SECRET"), OTHER_DATA),
    "page dite deux fois": (behind_the_page(twice_said), OTHER_DATA),
    "page à côté": (beside_the_page, OTHER_DATA),
    "derrière le corps": (
        lambda parts: {"word/document.xml": parts["word/document.xml"] + b"<!--SECRET-->"},
        "La partie « word/document.xml » dit ce qui devait être imprimé, mais autrement que prévu "
        ": un texte caché, un en-tête que la page n'appelle plus…",
    ),
}


@pytest.mark.parametrize("what", HIDDEN)
def test_ce_qui_s_y_cache_est_dit(what: str) -> None:
    change, expected = HIDDEN[what]
    assert expected in surrounded(change)


def test_le_jour_ou_un_fichier_est_fait_n_est_d_aucune_page() -> None:
    """Un document sans date, fait hier, se relit aujourd'hui."""
    assert surrounded(hidden((DAY, "2001-02-03T04:05:06Z"))) == []


@pytest.mark.parametrize("around", [lambda it: it + b"SECRET", lambda it: b"SECRET" + it])
def test_ce_qui_se_cache_autour_de_l_archive_est_dit(around: Callable[[bytes], bytes]) -> None:
    document = held()["cahier_des_charges"]
    try:
        told = [constat.message for constat in verify(around(render(document)), document)]
    except PackageError as error:  # before its first part, it is no Word file any more
        told = [str(error)]
    assert told


def test_un_contenu_cache_sous_un_nom_de_dossier_est_refuse() -> None:
    document = held()["cahier_des_charges"]
    parts = open_package(render(document)) | {"word/secret/": b"SECRET"}
    with pytest.raises(PackageError, match="cache un contenu sous « word/secret/ »"):
        verify(zipped(parts), document)


@pytest.mark.parametrize("what", AROUND)
def test_ce_qui_est_change_autour_de_la_page_est_dit(what: str) -> None:
    change, expected = AROUND[what]
    assert expected in surrounded(change)


def test_une_balise_restee_dans_un_graphique_est_refusee(tmp_path: Path) -> None:
    parts = open_package(template_path("cahier_des_charges"))
    chart = b'<c:chart xmlns:c="urn:c" xmlns:a="urn:a"><a:t>{{ titre }}</a:t></c:chart>'
    modele = tmp_path / "modele.docx"
    link = f'<Relationship Id="rIdC" Type="{REL_TYPE}chart" Target="charts/chart1.xml"/>'
    links = parts[RELS].replace(b"</Relationships>", f"{link}</Relationships>".encode())
    modele.write_bytes(zipped({**parts, RELS: links, "word/charts/chart1.xml": chart}))
    with pytest.raises(TemplateError, match=r"titre.*chart1\.xml.*où rien ne la remplira"):
        render(held()["cahier_des_charges"], modele=modele)

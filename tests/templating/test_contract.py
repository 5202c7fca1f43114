"""Le contrat, dans les deux sens : le modèle n'imprime que ce que le document connaît, et tout ce
qu'il doit imprimer.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest

from dla_docs.errors import TemplateError
from dla_docs.model.node import Node
from dla_docs.model.requirement import Force, L, O, R, S, exige
from dla_docs.templating import compile_template, lint
from dla_docs.templating.annotate import annotate
from dla_docs.word.package import open_package
from dla_docs.word.soundness import soundness
from tests.templating.word import (
    leaf,
    note,
    p,
    part_node,
    rows,
    saved,
    sdt,
    tbl,
    template,
    tr,
    tree,
)

RAPPEL = "À noter : l’avis de la structure est demandé « en premier »."


def demand(force: Force = O, identifier: str = "CDC-07") -> dict[str, Any]:
    return {"exigences": (exige(identifier, force),)}


def model() -> Node:
    return tree(
        leaf("titre", label="Titre", **demand()),
        leaf("libre", label="Libre", **demand(L)),
        leaf("conseil", label="Conseillé", **demand(R)),
        part_node(
            "bilan",
            leaf("forts", label="Points forts", **demand(S)),
            leaf("faibles"),
            label="Bilan",
        ),
        part_node("avis", leaf("comite"), leaf("dla"), label="Avis", **demand(O, "CDC-08")),
        rows(
            "etapes",
            leaf("nom", label="Étape", **demand()),
            leaf("note"),
            label="Étapes",
            **demand(O, "CDC-09"),
        ),
        note("rappel", RAPPEL, **demand(S, "CDC-10")),
    )


TITLE, STRENGTHS, ADVICE, NOTE = (
    "{{ titre }}",
    "{{ bilan.forts }}",
    "{{ avis.dla }}",
    "{{ rappel }}",
)
STEPS = tbl(tr("{%tr for e in etapes %}"), tr("{{ e.nom }}"), tr("{%tr endfor %}"), columns=1)
ALL = (TITLE, STRENGTHS, ADVICE, STEPS, NOTE)


def missing(*content: str) -> set[str]:
    return {constat.chemin for constat in lint(template(*content), model())}


def without(piece: str, *instead: str) -> tuple[str, ...]:
    return tuple(other for kept in ALL for other in ((kept,) if kept != piece else instead))


def test_a_template_that_prints_all_that_is_demanded_passes() -> None:
    assert lint(template(*ALL), model()) == []


@pytest.mark.parametrize(
    ("piece", "paths"),
    [
        (TITLE, {"titre"}),
        (STRENGTHS, {"bilan.forts"}),
        (ADVICE, {"avis"}),
        (STEPS, {"etapes", "etapes[].nom"}),
        (NOTE, {"rappel"}),
    ],
)
def test_what_is_demanded_and_not_printed_is_told(piece: str, paths: set[str]) -> None:
    assert missing(*without(piece)) == paths


def test_the_finding_says_what_who_asks_and_the_remedy() -> None:
    constat = lint(template(*without(TITLE)), model())[0]
    assert constat.message == "« Titre » doit être imprimé et ne l'est pas."
    assert (
        constat.exigences == ("CDC-07",)
        and "(CDC-07)" in constat.source
        and constat.conseil == "Ajoutez {{ titre }}."
    )
    rows_missing = next(
        constat
        for constat in lint(template(*without(STEPS)), model())
        if constat.chemin == "etapes[].nom"
    )
    assert rows_missing.conseil == "Ajoutez une boucle sur « etapes » qui imprime {{ ligne.nom }}."


@pytest.mark.parametrize(
    ("piece", "instead", "kept"),
    [
        (TITLE, ["{% if titre %}{{ titre }}{% endif %}"], True),
        (TITLE, ["{% if titre or formulaire %}{{ titre }}{% endif %}"], True),
        (TITLE, ["{% if titre or libre %}{{ titre }} {{ libre }}{% endif %}"], True),
        (TITLE, ["{% if titre and (conseil or titre) %}{{ titre }}{% endif %}"], True),
        (TITLE, ["{% if titre or libre %}rempli{% else %}{{ titre }}{% endif %}"], False),
        (TITLE, ["{% if (titre or libre) and conseil %}{{ titre }}{% endif %}"], False),
        (TITLE, ["{% if libre %}x{% elif titre %}{{ titre }}{% endif %}"], False),
        (TITLE, ["{% if not titre %}néant{% else %}{{ titre }}{% endif %}"], True),
        (TITLE, ["{{ titre if titre else 'néant' }}"], True),
        (TITLE, ["{{ titre|upper }}"], True),
        (TITLE, ["{{ titre|default('néant') }}"], True),
        (TITLE, ["{{ titre or libre }}"], True),
        (TITLE, [p(sdt("titre"))], True),
        (TITLE, ["{% if libre %}{{ titre }}{% else %}sans : {{ titre }}{% endif %}"], True),
        (
            TITLE,
            [
                "{% if libre %}{{ titre }}{% elif conseil %}{{ titre }}{% else %}{{ titre }}{% "
                "endif %}"
            ],
            True,
        ),
        (TITLE, ["{% if libre %}{{ titre }}{% endif %}"], False),
        (TITLE, ["{% if titre and libre %}{{ titre }}{% endif %}"], False),
        (TITLE, ["{% if brouillon %}{{ titre }}{% endif %}"], False),
        (TITLE, ["{% if titre and not formulaire %}{{ titre }}{% endif %}"], False),
        (TITLE, ["{% if profil.mention %}{{ titre }}{% endif %}"], False),
        (TITLE, ["{% if titre == libre %}{{ titre }}{% endif %}"], False),
        (TITLE, ["{{ libre or titre }}"], False),
        (TITLE, ["{{ titre if libre }}"], False),
        (TITLE, ["{% if titre %}oui{% endif %}"], False),
        (TITLE, ["{{ titre == 'x' }}"], False),
        (TITLE, ["{# {{ titre }} #}"], False),
        (TITLE, ["{% for e in etapes %}{{ titre }}{% endfor %}"], False),
        (
            TITLE,
            ["{% for e in etapes %}{% if loop.first %}{{ titre }}{% endif %}{% endfor %}"],
            False,
        ),
        (STRENGTHS, ["{%p if bilan %}", STRENGTHS, "{%p endif %}"], True),
        (STRENGTHS, ["{%p if bilan.faibles %}", STRENGTHS, "{%p endif %}"], False),
        (ADVICE, ["{{ avis.comite }}"], True),
        (ADVICE, ["{% if avis.comite %}{{ avis.comite }}{% endif %}"], True),
        (STEPS, ["{{ etapes|join(', ', attribute='nom') }}"], True),
        (
            STEPS,
            [
                "{%p if etapes %}",
                "{%p for e in etapes %}",
                "{{ e.nom }}",
                "{%p endfor %}",
                "{%p endif %}",
            ],
            True,
        ),
        (STEPS, ["{%p for e in etapes if e.nom %}", "{{ e.nom }}", "{%p endfor %}"], True),
        (STEPS, ["{%p for e in etapes if e.note %}", "{{ e.nom }}", "{%p endfor %}"], False),
        (NOTE, [RAPPEL], True),
        (
            NOTE,
            ["À noter : l'avis de la structure\u00a0est  demandé «\u202fen premier\u00a0»."],
            True,
        ),
        (
            NOTE,
            [
                p(
                    "À noter : l’avis de la ",
                    "<w:r><w:br/></w:r>",
                    "structure est demandé « en premier ».",
                )
            ],
            True,
        ),
        (NOTE, ["{% if rappel %}{{ rappel }}{% endif %}"], True),
        (NOTE, ["À noter : l'avis de la structure est demandé."], False),
        (NOTE, ["{%p if libre %}", RAPPEL, "{%p endif %}"], False),
        (NOTE, ["{%p if rappel %}", RAPPEL, "{%p endif %}"], True),
        (
            NOTE,
            [
                '<w:p><w:del w:id="1" w:author="a" w:date="2020-01-01T00:00:00Z"><w:r>'
                f"<w:delText>{RAPPEL}</w:delText></w:r></w:del></w:p>"
            ],
            False,
        ),
    ],
)
def test_printed_means_printed_whatever_the_other_values(
    piece: str, instead: list[str], kept: bool
) -> None:
    path = {
        TITLE: "titre",
        STRENGTHS: "bilan.forts",
        ADVICE: "avis",
        STEPS: "etapes[].nom",
        NOTE: "rappel",
    }[piece]
    assert (path not in missing(*without(piece, *instead))) is kept


def test_a_header_counts_a_property_does_not() -> None:
    only = tree(leaf("titre", **demand()))
    in_header, in_properties = docx.Document(), docx.Document()
    in_header.sections[0].header.paragraphs[0].text = TITLE
    in_properties.core_properties.title = TITLE
    assert lint(saved(in_header), only) == [] and len(lint(saved(in_properties), only)) == 1


def test_all_findings_come_at_once_with_their_places() -> None:
    source = template(
        "{{ titr }}", STRENGTHS, tbl(tr("x"), tr("{{ bilan.fort }}")), "{{ etapes.nom }}"
    )
    with pytest.raises(TemplateError) as caught:
        compile_template(source, model())
    messages = [constat.message for constat in caught.value.constats]
    assert any(
        message.startswith("Corps, paragraphe 1 (« {{ titr }} ») : le document ne connaît pas")
        for message in messages
    )
    assert any(
        message.startswith("Corps, tableau 1, ligne 2 : le document ne connaît pas")
        for message in messages
    )
    assert {"titre", "avis", "etapes", "etapes[].nom", "rappel"} <= {
        constat.chemin for constat in caught.value.constats
    }


def test_the_template_of_another_document_is_one_message() -> None:
    source = template(
        "{{ titre }}",
        *(f"{{{{ autre.champ_{number} }}}}" for number in range(5)),
        "{% if autre.x( %}",
    )
    constats = lint(source, model())
    assert (
        len(constats) == 1
        and "n'est pas celui du document « Fiche d'essai »" in constats[0].message
    )


def test_a_file_is_named_in_its_findings(tmp_path: Path) -> None:
    path = tmp_path / "modele.docx"
    path.write_bytes(template("{{ titr }}"))
    assert all(constat.fichier == "modele.docx" for constat in lint(path, model()))


def test_the_annotated_copy_says_each_fault_where_it_stands() -> None:
    source = template("Titre", "{{ titr }}", *without(TITLE))
    copy = annotate(source, model())
    assert soundness(open_package(copy)) == []
    opened = docx.Document(io.BytesIO(copy))
    comments = {comment.comment_id: comment.text for comment in opened.comments}
    assert len(comments) == 2
    anchors = {
        paragraph.text: paragraph._p.xpath(".//w:commentReference/@w:id")
        for paragraph in opened.paragraphs
    }
    assert "Vouliez-vous dire « titre » ?" in comments[int(anchors["{{ titr }}"][0])]
    assert "« Titre » doit être imprimé" in comments[int(anchors["Titre"][0])]
    assert annotate(source, model()) == copy


def test_comments_already_there_stay() -> None:
    document = docx.Document()
    run = document.add_paragraph("{{ titr }}").add_run("x")
    for mine in ("Le mien", "Le second"):
        document.add_comment(run, text=mine, author="Moi")
    opened = docx.Document(io.BytesIO(annotate(saved(document), model())))
    texts = {comment.comment_id: comment.text for comment in opened.comments}
    assert [*texts.values()][:2] == ["Le mien", "Le second"]
    assert len(texts) == len([*opened.comments])  # each has a number of its own
    assert any("titr" in text for text in [*texts.values()][2:])


def test_the_title_of_a_part_is_not_yet_what_the_part_asks_for() -> None:
    title = note("intitule", "L’avis du comité", heading=True)
    asking = tree(part_node("avis", title, leaf("comite"), label="Avis", **demand()), leaf("nom"))
    said = [lint(template("{{ nom }}", *more), asking) for more in ((), ("{{ avis.comite }}",))]
    titled = lint(template("{{ nom }}", "{{ avis.intitule }}"), asking)
    assert [[one.chemin for one in found] for found in (*said, titled)] == [["avis"], [], ["avis"]]


def test_a_row_printed_alone_is_not_all_the_rows() -> None:
    asking = tree(leaf("titre"), rows("etapes", leaf("nom")))
    always = [
        compile_template(template(TITLE, printed), asking).always
        for printed in ("{{ etapes[0].nom }}", STEPS)
    ]
    assert always == [{"titre"}, {"titre", "etapes[].nom"}]

"""Un lot refait : ce qu'une main a retouché est rafraîchi, ce qui ne peut pas l'être reste, et le
classeur à corriger n'y est pour rien ; un tableau renommé est le même.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call, Said
from tests.cli.conftest import dla_docs as dla_docs
from tests.cli.test_cibles import HAND, by_hand, marked, unknown
from tests.lot.lignes import SLUG, row, siret, write_table
from tests.retouches.test_histoires import edited, write
from tests.word_forms import page_text, parts_of

COMMENT = "relation.echanges.commentaire"
LOT = Path("lot")


def make(call: Call, *rows: Mapping[str, Any], table: str = "t.xlsx", noms: str = "") -> Said:
    write_table(Path(table), rows)
    return call("lot", table, SLUG, "-o", LOT, *(("--noms", noms) if noms else ()))


def words() -> list[Path]:
    return sorted(LOT.glob("*.docx"))


def test_un_document_retouche_est_rafraichi_autant_de_fois_qu_il_faut(dla_docs: Call) -> None:
    make(dla_docs, row(1), row(2))
    first, second = words()
    held = by_hand(first.read_bytes())
    first.write_bytes(held)
    for times, comment in enumerate(("Un autre avis.", "Encore un autre."), 1):
        said = make(dla_docs, row(1, **{COMMENT: comment}), row(2, **{COMMENT: comment}))
        assert said.code == 0 and not said.err
        assert f"Rafraîchi : {first} (1 changement mis à jour, 1 retouche gardée" in said.out
        assert "1 document fait, 1 rafraîchi dans" in said.out
        assert HAND in page_text(first) and comment in page_text(first)
        assert comment in page_text(second)
        assert len([*LOT.rglob("0.avant")]) == times
    before = first.read_bytes()
    assert "2 déjà faits" in dla_docs("lot", "t.xlsx", SLUG, "-o", LOT).out
    assert first.read_bytes() == before and words() == [first, second]
    assert not [*LOT.glob("erreurs*")]


def test_ce_que_la_page_dit_autrement_que_sa_ligne_est_redit_chaque_fois(dla_docs: Call) -> None:
    make(dla_docs, row(1))
    [path] = words()
    path.write_bytes(edited(path.read_bytes(), write(COMMENT, "L'avis de la main.")))
    kept = "La page garde « L'avis de la main. », et le tableau dit « Un autre avis. »"
    for again in ("", "Retouché, déjà à jour : "):
        said = make(dla_docs, row(1, **{COMMENT: "Un autre avis."}))
        assert said.code == 1 and again in said.out and kept in said.err
        assert "à choisir" in said.err and "mission" not in said.err
    assert "L'avis de la main." in parts_of(path.read_bytes())["word/document.xml"].decode()
    assert not [*LOT.glob("erreurs*")]


def test_quand_la_ligne_dit_ce_que_disait_la_main_la_page_est_la_sienne(dla_docs: Call) -> None:
    make(dla_docs, row(1))
    [path] = words()
    path.write_bytes(edited(path.read_bytes(), write(COMMENT, "Ce que dit la main.")))
    said = make(dla_docs, row(1, **{COMMENT: "Ce que dit la main."}))
    assert said.code == 0 and f"Rafraîchi : {path}" in said.out
    assert "1 déjà fait" in make(dla_docs, row(1, **{COMMENT: "Ce que dit la main."})).out
    make(dla_docs, row(1, **{COMMENT: "Un autre avis."}))  # it is ours again
    assert "Ce que dit la main." not in page_text(path) and len([*LOT.rglob("0.avant")]) == 1


def test_l_apostrophe_que_la_main_tape_n_est_pas_a_choisir(dla_docs: Call) -> None:
    make(dla_docs, row(1))
    [path] = words()
    path.write_bytes(edited(path.read_bytes(), write(COMMENT, "L'avis de la main.")))
    for comment in ("L'avis de la main.", "Un autre avis."):
        said = make(dla_docs, row(1, **{COMMENT: comment}))
        assert said.code == 0 and "0 à choisir" in said.out
    assert "Un autre avis." in page_text(path)


def test_ce_qui_ne_se_rafraichit_pas_reste_et_n_est_pas_une_ligne_a_corriger(
    dla_docs: Call,
) -> None:
    make(dla_docs, row(1), row(2), row(3))
    first, second, third = words()
    left = {first: unknown(first.read_bytes()), second: by_hand(third.read_bytes())}
    for path, octets in left.items():
        path.write_bytes(octets)
    for _ in range(3):
        said = make(dla_docs, *(row(n, **{COMMENT: "Un autre avis."}) for n in (1, 2, 3)))
        assert said.code == 1 and "2 laissés tels quels dans" in said.out
        assert "n'est pas de dla-docs" in said.err and "C'est la page d'une autre ligne" in said.err
        assert "Association Exemple n° 3" in said.err and "à corriger" not in said.out
        assert {path: path.read_bytes() for path in left} == left
    assert "Un autre avis." in page_text(third)
    assert words() == [first, second, third] and not [*LOT.glob("erreurs*")]


def test_remplacer_recrit_au_lieu_de_rafraichir(dla_docs: Call) -> None:
    make(dla_docs, row(1))
    [path] = words()
    held = by_hand(path.read_bytes())
    path.write_bytes(held)
    write_table(Path("t.xlsx"), [row(1, **{COMMENT: "Un autre avis."})])
    assert dla_docs("lot", "t.xlsx", SLUG, "-o", LOT, "--remplacer").code == 0
    assert HAND not in page_text(path)
    assert dla_docs("annuler", path).code == 0 and path.read_bytes() == held


def test_ce_qu_on_enregistre_pendant_ce_temps_n_est_pas_ecrase(
    dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(dla_docs, row(1))
    [path] = words()
    path.write_bytes(by_hand(path.read_bytes()))
    late = marked(path.read_bytes())

    def convert_many(sources: Any, **_: object) -> Any:
        path.write_bytes(late)
        return ((name, b"%PDF") for name, _ in sources)

    with monkeypatch.context() as one:
        one.setattr("dla_docs.pdf.convert_many", convert_many)
        write_table(Path("t.xlsx"), [row(1, **{COMMENT: "Un autre avis."})])
        said = dla_docs("lot", "t.xlsx", SLUG, "-o", LOT, "--pdf")
    assert said.code == 1 and "a encore changé pendant qu'on le rafraîchissait" in said.err
    assert path.read_bytes() == late and not [*LOT.glob("*.pdf")]
    assert dla_docs("lot", "t.xlsx", SLUG, "-o", LOT).code == 0
    assert HAND in page_text(path) and "Un autre avis." in page_text(path)


def without_reference(number: int, **changes: Any) -> dict[str, Any]:
    return row(number, **{"Référence": None, **changes})


def test_un_tableau_renomme_ne_double_rien_et_nomme_les_anciens(dla_docs: Call) -> None:
    make(dla_docs, *map(without_reference, (1, 2, 3)))
    before = words()
    Path("t.xlsx").unlink()
    rows = [without_reference(n, **{COMMENT: "Un autre avis."}) for n in (1, 2)]
    said = make(dla_docs, *rows, table="au propre.xlsx")
    assert words() == before and "Un autre avis." in page_text(before[0])
    assert f"qui ne se fait plus : {before[2]}" in said.out
    assert str(before[0]) not in said.out
    Path("au propre.xlsx").rename("encore.xlsx")
    said = dla_docs("lot", "encore.xlsx", SLUG, "-o", LOT)
    assert words() == before and f"qui ne se fait plus : {before[2]}" in said.out


def test_deux_tableaux_remplissent_le_meme_dossier_sans_se_prendre_un_document(
    dla_docs: Call,
) -> None:
    make(dla_docs, without_reference(1))
    [first] = words()
    held = first.read_bytes()
    said = make(dla_docs, without_reference(1, **{COMMENT: "D'un autre."}), table="u.xlsx")
    assert len(words()) == 2 and first.read_bytes() == held and "fait plus" not in said.out
    Path("ailleurs").mkdir()
    Path("t.xlsx").rename("ailleurs/t.xlsx")
    again = make(
        dla_docs, without_reference(1, **{COMMENT: "D'ailleurs."}), table="ailleurs/v.xlsx"
    )
    assert len(words()) == 3 and first.read_bytes() == held and "fait plus" not in again.out


def test_une_reference_renommee_ne_double_rien(dla_docs: Call) -> None:
    by_name = "{structure.nom}"
    make(dla_docs, row(1), noms=by_name)
    [path] = words()
    new = {"Référence": "DLA00-9999"}
    assert "1 déjà fait" in make(dla_docs, row(1, **new), noms=by_name).out
    said = make(dla_docs, row(1, **new, **{COMMENT: "Un autre avis."}), noms=by_name)
    assert words() == [path] and "Un autre avis." in page_text(path)
    said = make(dla_docs, row(1, **{"Référence": "R", COMMENT: "Encore."}), noms=by_name)
    assert f"qui ne se fait plus : {path}" in said.out


def test_la_cible_est_regardee_meme_quand_la_ligne_n_a_pas_change(dla_docs: Call) -> None:
    make(dla_docs, row(1), row(2), row(3), row(4))
    first, second, third, fourth = words()
    first.write_bytes(edited(first.read_bytes(), write(COMMENT, "L'avis de la main.")))
    second.write_bytes(unknown(second.read_bytes()))
    third.write_bytes(by_hand(fourth.read_bytes()))
    left = {path: path.read_bytes() for path in words()}
    for _ in range(2):
        said = dla_docs("lot", "t.xlsx", SLUG, "-o", LOT)
        assert said.code == 1 and "La page dit « L'avis de la main. »" in said.err
        assert f"{second}" in said.err and "n'est pas de dla-docs" in said.err
        assert f"{third}" in said.err and "C'est la page d'une autre ligne" in said.err
        assert str(fourth) not in said.err and "2 déjà faits, 2 laissés tels quels" in said.out
        assert {path: path.read_bytes() for path in words()} == left
    assert dla_docs("lot", "t.xlsx", SLUG, "-o", LOT, "--remplacer").code == 0
    assert "L'avis de la main." not in page_text(first)


def test_des_references_echangees_ne_portent_pas_les_mots_chez_un_autre(dla_docs: Call) -> None:
    by_reference = "{reference}"
    make(dla_docs, row(1), row(2), noms=by_reference)
    paths = words()
    paths[0].write_bytes(held := by_hand(paths[0].read_bytes()))
    swapped = [row(1, **{"Référence": "DLA00-0002"}), row(2, **{"Référence": "DLA00-0001"})]
    said = make(dla_docs, *swapped, noms=by_reference)
    assert said.code == 1 and "C'est la page d'une autre ligne" in said.err
    assert "Association Exemple n° 1" in said.err and paths[0].read_bytes() == held
    assert HAND not in page_text(paths[1])
    renamed = row(1, **{"structure.nom": "Association Renommée"})
    said = make(dla_docs, renamed, row(2), noms=by_reference)
    assert said.code == 0, said.err
    assert HAND in page_text(paths[0])
    assert "Association Renommée" in page_text(paths[0])


def test_des_lignes_triees_ne_portent_pas_les_mots_chez_un_autre_prestataire(
    dla_docs: Call,
) -> None:
    def of(number: int) -> dict[str, Any]:
        who = {"prestataire.nom": f"Cabinet n° {number}", "prestataire.siret": siret(80 + number)}
        return without_reference(9, **who)

    by_line = "{document} {ligne}"
    make(dla_docs, of(1), of(2), noms=by_line)
    path = words()[0]
    path.write_bytes(held := by_hand(path.read_bytes()))
    said = make(dla_docs, of(2), of(1), noms=by_line)
    assert said.code == 1 and path.read_bytes() == held
    assert "Cabinet n° 1" in said.err and "autre ligne" in said.err


def test_un_ancien_fichier_retouche_est_nomme_avec_ce_qu_il_tient(dla_docs: Call) -> None:
    make(dla_docs, row(1), row(2))
    paths = words()
    paths[0].write_bytes(held := by_hand(paths[0].read_bytes()))
    for _ in range(2):
        moved = row(1, **{"Référence": "R9", COMMENT: "Un autre avis."})
        said = make(dla_docs, moved, row(2, **{"Référence": "R8"}))
        assert said.code == 1 and paths[0].read_bytes() == held and len(words()) == 4
        assert f"{paths[0]} : Ce fichier d'une fois d'avant ne se fait plus" in said.err
        assert HAND in said.err and "Reportez ailleurs" in said.err
        assert str(paths[1]) not in said.err
        assert f"qui ne se fait plus : {paths[1]}" in said.out


def make_with_pdf(dla_docs: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Un lot d'une ligne, et des PDF que rien ne convertit."""

    def convert_many(sources: Any, **_: object) -> Any:
        return ((name, b"%PDF") for name, _ in sources)

    monkeypatch.setattr("dla_docs.pdf.convert_many", convert_many)
    write_table(Path("t.xlsx"), [row(1)])
    assert dla_docs("lot", "t.xlsx", SLUG, "-o", LOT, "--pdf").code == 0


def test_le_pdf_d_une_fois_d_avant_est_nomme_quand_son_document_change(
    dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_with_pdf(dla_docs, monkeypatch)
    [pdf] = LOT.glob("*.pdf")
    assert "ne se fait plus" not in make(dla_docs, row(1)).out  # it is still that of the page
    for _ in range(2):
        said = make(dla_docs, row(1, **{COMMENT: "Un autre avis."}))
        assert f"qui ne se fait plus : {pdf}" in said.out and pdf.read_bytes() == b"%PDF"


def test_les_retouches_suivent_leur_ligne_sous_son_nouveau_nom(dla_docs: Call) -> None:
    make(dla_docs, row(1), row(2))
    first, _ = words()
    first.write_bytes(by_hand(first.read_bytes()))
    named = "{reference}"
    said = make(dla_docs, row(1), row(2), noms=named)
    [second] = [path for path in words() if path != first and HAND in page_text(path)]
    assert said.code == 0 and f"Rafraîchi : {second}" in said.out
    assert f"ne se fait plus : {first}" in said.out and not said.err
    second.write_bytes(by_hand(second.read_bytes(), "Une clause de plus."))
    assert make(dla_docs, row(1), row(2), noms=named).code == 0
    said = make(dla_docs, row(1, **{COMMENT: "Un autre avis."}), row(2))
    assert said.code == 0 and f"Rafraîchi : {first}" in said.out
    for text in (HAND, "Une clause de plus.", "Un autre avis."):
        assert text in page_text(first)
    again = first.read_bytes()
    make(dla_docs, row(1, **{COMMENT: "Un autre avis."}), row(2))
    assert first.read_bytes() == again


def test_ce_qu_une_main_ajoute_ensuite_a_l_ancien_est_dit(dla_docs: Call) -> None:
    make(dla_docs, row(1))
    [first] = words()
    first.write_bytes(by_hand(first.read_bytes()))
    make(dla_docs, row(1), noms="{reference}")
    first.write_bytes(by_hand(first.read_bytes(), "Une clause de plus."))
    for _ in range(2):
        said = make(dla_docs, row(1), noms="{reference}")
        assert said.code == 1 and "Une clause de plus." in said.err
        assert "Reportez ailleurs ce qui doit en être gardé" in said.err


def test_les_retouches_d_une_ligne_ne_passent_pas_a_une_autre(dla_docs: Call) -> None:
    make(dla_docs, row(1), row(2))
    first, _ = words()
    first.write_bytes(held := by_hand(first.read_bytes()))
    said = make(dla_docs, row(2), row(3), noms="{ligne}")
    assert said.code == 1 and HAND in said.err and first.read_bytes() == held
    assert [path for path in words() if HAND in page_text(path)] == [first]


def test_deux_lignes_d_une_meme_reference_ne_se_prennent_pas_leurs_retouches(
    dla_docs: Call,
) -> None:
    def rows(*comments: str) -> list[dict[str, Any]]:
        return [row(9, **{COMMENT: comment}) for comment in comments]

    make(dla_docs, *rows("Un.", "Deux."), noms="A {ligne}")
    words()[0].write_bytes(by_hand(words()[0].read_bytes()))
    said = make(dla_docs, *rows("Deux.", "Un."), noms="B {ligne}")
    assert said.code == 0 and f"Rafraîchi : {LOT / 'B 0003.docx'}" in said.out
    holds = [path.name for path in words() if HAND in page_text(path)]
    assert holds == ["A 0002.docx", "B 0003.docx"]
    said = make(dla_docs, *rows("Autre.", "Encore."), noms="C {ligne}")  # whose, nothing tells
    assert said.code == 1 and f"{LOT / 'B 0003.docx'}" in said.err and HAND in said.err
    assert [path.name for path in words() if HAND in page_text(path)] == holds


def test_un_pdf_annote_reste_et_ne_retient_pas_son_document_word(
    dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_with_pdf(dla_docs, monkeypatch)
    [path], [pdf] = words(), [*LOT.glob("*.pdf")]
    path.write_bytes(by_hand(path.read_bytes()))
    pdf.write_bytes(b"%PDF, et une note")
    for comment in ("Un autre avis.", "Encore un autre."):
        write_table(Path("t.xlsx"), [row(1, **{COMMENT: comment})])
        said = dla_docs("lot", "t.xlsx", SLUG, "-o", LOT, "--pdf")
        assert said.code == 1 and str(pdf) in said.err and str(path) not in said.err
        assert f"Rafraîchi : {path}" in said.out and "ne se fait plus" not in said.out
        assert "1 rafraîchi, 1 laissé tel quel dans" in said.out
        assert HAND in page_text(path) and comment in page_text(path)
        assert pdf.read_bytes() == b"%PDF, et une note"
    assert not [*LOT.glob("erreurs*")]

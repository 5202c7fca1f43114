"""Ce qui se dit d'un document retouché est vrai, et le remède nommé met fin à ce qu'il dit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree

from dla_docs import TargetError, make_dossier, refresh, trame
from dla_docs.pdf.attachment import attach
from dla_docs.retouches.skeleton import value_of
from dla_docs.retouches.target import held_by_hand, write_over
from dla_docs.retouches.tracking import is_proposal
from dla_docs.retouches.work import work_in
from dla_docs.stages.envelope import envelope
from dla_docs.word.names import W_P, W_SDTCONTENT, W
from dla_docs.word.package import MAIN, open_package, parse_part
from tests.cli.conftest import Call
from tests.cli.conftest import dla_docs as dla_docs
from tests.cli.test_cibles import HAND, by_hand
from tests.retouches.beside import adds_a_picture
from tests.retouches.hand import NS, Hand
from tests.retouches.test_histoires import (
    CONVENTION,
    SUIVI,
    control,
    dearer,
    edited,
    later,
    made,
    sample,
    write,
)
from tests.word_forms import page_text, parts_of, zipped

PRICE, FOOTER = "prix.montant", "word/footer1.xml"


def retyped(root: etree._Element) -> None:
    """Le prix changé dans Word, suivi des modifications en marche."""
    content = control(root, PRICE).find(W_SDTCONTENT)
    assert content is not None
    content[:] = [
        etree.fromstring(
            f'<w:del {NS} w:id="7001" w:author="Moi"><w:r><w:delText>7 600 €</w:delText></w:r>'
            "</w:del>"
        ),
        etree.fromstring(
            f'<w:ins {NS} w:id="7002" w:author="Moi"><w:r><w:t>7 800 €</w:t></w:r></w:ins>'
        ),
    ]


def priced(amount: str) -> Any:
    def change(data: Any) -> None:
        data["prix"]["montant"] = amount

    return later(CONVENTION, change)


def test_ce_que_la_main_avait_barre_elle_meme_n_est_pas_ce_qu_elle_garde() -> None:
    fresh = refresh(edited(made(CONVENTION), retyped), later(CONVENTION, dearer))
    [one] = fresh.conflits
    assert (one.chemin, one.avant) == (PRICE, "7 800 €")


@pytest.mark.parametrize("edit", [retyped, write(PRICE, "7 800 €")])
def test_quand_la_mission_vient_a_ce_que_dit_la_main_rien_n_est_plus_a_choisir(edit: Any) -> None:
    held = refresh(edited(made(CONVENTION), edit), later(CONVENTION, dearer))
    assert held.conflits
    fresh = refresh(held.octets, priced("7800.00"))
    assert not fresh.conflits and not fresh.ecarts
    root = parse_part(open_package(fresh.octets)[MAIN], MAIN)
    sdt = control(root, PRICE)
    assert value_of(sdt) == "7 800 €"
    assert not [one for one in sdt.iter() if one.get(f"{W}author") == "dla-docs"]
    again = refresh(fresh.octets, priced("7800.00"))
    assert again.octets == fresh.octets


def struck_by_pen(now: str) -> Any:
    """Tout ce qui y est, barré d'un trait ; une autre réponse derrière."""

    def edit(root: etree._Element) -> None:
        runs = [*control(root, PRICE).iter(f"{W}r")]
        for run in runs:
            run.insert(0, etree.fromstring(f"<w:rPr {NS}><w:strike/></w:rPr>"))
        runs[-1].addnext(etree.fromstring(f"<w:r {NS}><w:t>{now}</w:t></w:r>"))

    return edit


def test_des_reponses_barrees_d_un_trait_ne_sont_ni_collees_ni_celle_de_la_page() -> None:
    once = edited(made(CONVENTION), struck_by_pen("7 800 €"))
    [one] = refresh(once, later(CONVENTION, dearer)).conflits
    assert one.avant == "7 800 €"
    twice = edited(once, struck_by_pen("8 000,00 €"))
    said = refresh(twice, later(CONVENTION, dearer)).gardes
    assert any("€ 7 800 € »" in kept for kept in said)
    assert any("7 800 € 8 000,00 €" in kept for kept in said)


def test_une_reponse_tapee_a_cote_de_ce_qui_etait_a_choisir_est_celle_de_la_main() -> None:
    held = refresh(edited(made(CONVENTION), write(PRICE, "7 700 €")), later(CONVENTION, dearer))
    mine = edited(held.octets, struck_by_pen("7 800 €"))
    fresh = refresh(mine, priced("8200.00"))
    [one] = fresh.conflits
    assert one.avant == "7 800 €"
    for again in (mine, fresh.octets):
        done = refresh(again, priced("7800.00"))
        assert not done.conflits and not done.ecarts
        assert any("texte barré" in kept and "7 700 €" in kept for kept in done.gardes)
    [other] = refresh(mine, priced("7700.00")).conflits
    assert other.avant == "7 800 €"


def in_the_proposal(root: etree._Element) -> None:
    """Ce que la main tape, le suivi arrêté, au bout de ce que dla-docs propose."""
    text = next(one for ins in control(root, PRICE).iter(f"{W}ins") for one in ins.iter(f"{W}t"))
    text.text = f"{text.text} à confirmer par le bureau"


def test_ce_que_la_main_ecrit_dans_une_proposition_est_a_elle() -> None:
    held = refresh(edited(made(CONVENTION), write(PRICE, "7 800 €")), later(CONVENTION, dearer))
    mine = edited(held.octets, in_the_proposal)
    same = refresh(mine, later(CONVENTION, dearer))
    assert same.octets == mine and not same.conflits
    [said] = same.ecarts
    assert "à confirmer" in said.avant and "à confirmer" not in said.apres
    for amount in ("8100.00", "7800.00"):  # another price, or the one that the hand had said
        fresh = refresh(mine, priced(amount))
        [one] = fresh.conflits
        assert "à confirmer par le bureau" in one.avant and "confirmer" not in one.apres
        for text in ("7 800 €", "à confirmer par le bureau"):
            assert text.encode() in open_package(fresh.octets)[MAIN]
        assert refresh(fresh.octets, priced(amount)).octets == fresh.octets


def test_ce_que_la_main_ecrit_dans_un_paragraphe_propose_reste() -> None:
    def everywhere(root: etree._Element) -> None:
        for text in root.iter(f"{W}t"):
            if len((text.text or "").split()) > 3 and not [*text.iterancestors(f"{W}sdt")]:
                text.text = f"{text.text} (vu)"

    def in_what_is_proposed(root: etree._Element) -> None:
        for paragraph in filter(is_proposal, root.iter(W_P)):
            [*paragraph.iter(f"{W}t")][-1].text += " De la main."  # type: ignore[operator]

    held = refresh(edited(made(SUIVI), everywhere), sample(SUIVI), "npdc")
    mine = edited(held.octets, in_what_is_proposed)
    assert "De la main." in page_text(mine)
    fresh = refresh(mine, sample(SUIVI), "centre")
    assert "De la main." in page_text(fresh.octets)
    assert refresh(fresh.octets, sample(SUIVI), "centre").octets == fresh.octets


@pytest.mark.parametrize("typed", ["8 000 €", "8000", "8 000,00 €"])
def test_un_montant_tape_autrement_est_le_meme(typed: str) -> None:
    held = edited(made(CONVENTION), write(PRICE, typed))
    fresh = refresh(held, later(CONVENTION, dearer))
    assert not fresh.conflits and not fresh.ecarts
    assert refresh(held, priced("8001.00")).conflits


def test_lire_met_fin_a_ce_que_la_page_dit_autrement(dla_docs: Call) -> None:
    dla_docs("exemple", CONVENTION, "-o", ".")
    source, path = f"{CONVENTION}.yaml", Path("c.docx")
    dla_docs("produire", source, "-o", str(path))
    path.write_bytes(edited(path.read_bytes(), write(PRICE, "8 000 €")))
    assert "8 000,00 €" in dla_docs("lire", str(path), "--dans", source).out.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    said = dla_docs("rafraichir", str(path), "--dans", source)
    assert said.code == 0 and "0 à choisir" in said.out


def test_la_page_d_une_autre_mission_n_en_devient_pas_une_de_celle_ci(dla_docs: Call) -> None:
    for name in ("mission_individuelle", "mission_collective"):
        dla_docs("exemple", name, "-o", "essai")
    make_dossier("essai/mission_individuelle.yaml", "d")
    [path] = Path("d").glob("* Convention tripartite.docx")
    path.write_bytes(held := by_hand(path.read_bytes()))
    said = dla_docs("rafraichir", str(path), "--dans", "essai/mission_collective.yaml")
    assert said.code == 2 and "d'une autre mission" in said.err and path.read_bytes() == held
    assert dla_docs("rafraichir", str(path), "--dans", "essai/mission_individuelle.yaml").code == 0


@pytest.mark.lent
def test_le_dossier_ne_fait_pas_sienne_la_page_d_une_autre_mission(dla_docs: Call) -> None:
    """Posée là sous le nom d'ici, elle y mêlait les mots et le prix d'une autre."""
    pages: list[Path] = []
    for name in ("mission_individuelle", "mission_collective"):
        dla_docs("exemple", name, "-o", "essai")
        make_dossier(f"essai/{name}.yaml", name)
        pages += Path(name).glob("* Convention tripartite.docx")
    mine, other = pages
    mine.write_bytes(held := by_hand(other.read_bytes()))
    for _ in range(2):
        said = dla_docs("dossier", "essai/mission_individuelle.yaml", "-o", "mission_individuelle")
        assert said.code == 1 and "la page d'une autre mission" in said.err
        assert mine.read_bytes() == held and "Rafraîchi" not in said.out


def test_une_image_mise_dans_un_formulaire_n_est_pas_perdue() -> None:
    form = trame(SUIVI)
    held = Hand(form, 3).retouch(1, [adds_a_picture])
    assert held_by_hand(form, b"") == ""
    assert held_by_hand(held, form).startswith("a été rempli (une image")


def test_seul_ce_qui_se_rafraichit_dit_qu_il_se_rafraichit(tmp_path: Path, dla_docs: Call) -> None:
    dla_docs("exemple", CONVENTION, "-o", ".")
    source, path, board = f"{CONVENTION}.yaml", Path("c.docx"), Path("bord.docx")
    dla_docs("produire", source, "-o", str(path))
    path.write_bytes(by_hand(path.read_bytes()))
    said = dla_docs("produire", source, "-o", str(path)).err
    assert f"« dla-docs rafraichir c.docx --dans {source} »" in said
    dla_docs("exemple", "mission_individuelle", "-o", "essai")
    words = ("tableau-de-bord", "essai", "-o", str(board), "--au", "01/12/2005")
    dla_docs(*words)
    board.write_bytes(by_hand(board.read_bytes()))
    said = dla_docs(*words).err
    assert HAND in said and "--remplacer" in said and "rafraichir" not in said
    assert HAND in page_text(board)


def test_un_pdf_annote_est_laisse_et_nomme(tmp_path: Path) -> None:
    path = tmp_path / "c.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Rect=[0, 0, 9, 9],
            Contents=pikepdf.String("À revoir"),
        )
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
        attach(document, envelope(sample(CONVENTION), "national", "").to_json().encode())
        document.save(path)
    with pytest.raises(TargetError, match="retouché") as refused:
        write_over(path, b"%PDF-1.7\n", dans=Path(__file__))
    assert "rafraichir" not in str(refused.value) and path.name in str(refused.value)


def test_un_pied_de_page_recrit_se_dit_une_fois() -> None:
    parts = parts_of(made(CONVENTION))
    footer = parse_part(parts[FOOTER], FOOTER)
    next(footer.iter(W_P)).append(etree.fromstring(f"<w:r {NS}><w:t> Vu au bureau</w:t></w:r>"))
    held = zipped({**parts, FOOTER: etree.tostring(footer)})
    [said] = refresh(held, sample(CONVENTION)).gardes
    assert said.startswith("pied de page : « ") and "est devenu" in said
    assert "Vu au bureau" in said
    now = later(CONVENTION, lambda data: data.update(reference_convention="DLA00-2013-09-C2"))
    fresh = refresh(held, now)
    for one in (fresh, refresh(fresh.octets, now)):
        [choice] = one.conflits
        assert "Vu au bureau" in choice.avant and "DLA00-2013-09-C2" in choice.apres


@pytest.mark.parametrize("part", ["word/header1.xml", "word/header2.xml", FOOTER])
def test_un_tableau_vide_mis_dans_un_en_tete_se_voit(part: str) -> None:
    parts = parts_of(made(CONVENTION))
    around = parse_part(parts[part], part)
    around.append(
        etree.fromstring(
            f"<w:tbl {NS}><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p/></w:tc>"
            "</w:tr></w:tbl>"
        )
    )
    around.append(etree.fromstring(f"<w:p {NS}/>"))
    said = work_in(zipped({**parts, part: etree.tostring(around)}))
    assert said == "a été retouché (un tableau ajouté dans un en-tête ou un pied de page)"

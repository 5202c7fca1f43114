"""Des histoires de tous les jours : on retouche, la mission change, on rafraîchit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dla_docs import InputError, Rafraichi, load, refresh, trame, verify
from dla_docs.model.document import Document
from dla_docs.model.validation import validated
from dla_docs.resources import sample_path
from dla_docs.retouches.skeleton import fields, value_of, words
from dla_docs.retouches.work import work_in
from dla_docs.stages.envelope import data_of
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from dla_docs.word.names import W_P, W_T, W_TR, W
from dla_docs.word.package import MAIN, open_package, parse_part
from dla_docs.word.page import tag_of
from tests.cli.conftest import Call
from tests.cli.conftest import dla_docs as dla_docs
from tests.cli.test_cibles import HAND, by_hand, commented
from tests.offices import need_office
from tests.word_forms import page_text, parts_of, resaved, without_data, zipped

DEARER = "8\N{NO-BREAK SPACE}000,00"
CONVENTION, SUIVI = "convention_tripartite", "grille_de_suivi"


@cache
def sample(slug: str) -> Document:
    document = load(sample_path(slug))
    assert isinstance(document, Document)
    return document


@cache
def made(slug: str) -> bytes:
    return fill(resolve(sample(slug), brouillon=True))


def later(slug: str, change: Callable[[Any], None]) -> Document:
    """Le même document, ce changement fait dans la mission."""
    data = deepcopy(data_of(sample(slug)))
    change(data)
    return validated(type(sample(slug)), data)


def dearer(data: Any) -> None:
    data["prix"]["montant"] = "8000.00"


def edited(octets: bytes, edit: Callable[[etree._Element], None]) -> bytes:
    parts = parts_of(octets)
    root = parse_part(parts[MAIN], MAIN)
    edit(root)
    return zipped({**parts, MAIN: etree.tostring(root)})


def controls(octets: bytes) -> Mapping[str, str]:
    root = parse_part(open_package(octets)[MAIN], MAIN)
    found = [(tag_of(sdt), value_of(sdt)) for sdt in fields(root)]
    assert len(found) == len(dict(found))
    return dict(found)


def control(root: etree._Element, tag: str) -> etree._Element:
    return next(sdt for sdt in fields(root) if tag_of(sdt) == tag)


def write(tag: str, text: str) -> Callable[[etree._Element], None]:
    def edit(root: etree._Element) -> None:
        next(control(root, tag).iter(W_T)).text = text

    return edit


def row_of(root: etree._Element, tag: str) -> etree._Element:
    return next(control(root, tag).iterancestors(W_TR))


def without_tags(octets: bytes) -> bytes:
    """Le même fichier, dont les contrôles ont perdu leur étiquette."""

    def edit(root: etree._Element) -> None:
        for tag in list(root.iter(f"{W}tag")):
            tag.getparent().remove(tag)  # type: ignore[union-attr]

    return edited(octets, edit)


def both(made: Rafraichi, *texts: str) -> None:
    for text in texts:
        assert text in page_text(made.octets)


def test_une_clause_ajoutee_et_un_nouveau_prix() -> None:
    fresh = refresh(commented(by_hand(made(CONVENTION))), later(CONVENTION, dearer))
    both(fresh, HAND, DEARER)
    assert "7\N{NO-BREAK SPACE}600,00\N{NO-BREAK SPACE}€" not in controls(fresh.octets).values()
    assert [change.chemin for change in fresh.mis_a_jour if change.chemin] == ["prix.montant"]
    assert any(HAND in kept for kept in fresh.gardes)
    assert any("À revoir" in kept for kept in fresh.gardes) and not fresh.conflits
    assert refresh(fresh.octets, later(CONVENTION, dearer)).octets == fresh.octets
    assert controls(refresh(fresh.octets, sample(CONVENTION)).octets) == controls(made(CONVENTION))


def test_sans_retouche_c_est_le_document_d_aujourd_hui() -> None:
    fresh = refresh(made(CONVENTION), later(CONVENTION, dearer))
    assert verify(fresh.octets, later(CONVENTION, dearer), brouillon=True) == []
    assert not fresh.gardes and not fresh.conflits


def test_une_reponse_changee_par_la_main_seule_reste_et_se_dit() -> None:
    held = edited(made(CONVENTION), write("modalites.objectif", "Un objectif récrit"))
    fresh = refresh(held, later(CONVENTION, dearer))
    assert controls(fresh.octets)["modalites.objectif"] == "Un objectif récrit"
    assert any("Un objectif récrit" in kept for kept in fresh.gardes) and not fresh.conflits


def test_une_reponse_changee_des_deux_cotes_se_choisit_dans_word() -> None:
    held = edited(made(CONVENTION), write("prix.montant", "7 000,00 €"))
    fresh = refresh(held, later(CONVENTION, dearer))
    [conflict] = fresh.conflits
    assert (conflict.chemin, conflict.avant) == ("prix.montant", "7 000,00 €")
    sdt = control(parse_part(open_package(fresh.octets)[MAIN], MAIN), "prix.montant")
    assert [text.text for text in sdt.iter(f"{W}delText")] == ["7 000,00 €"]
    assert DEARER in "".join(str(one.text) for ins in sdt.iter(f"{W}ins") for one in ins.iter(W_T))


def test_le_gras_d_une_reponse_lui_reste() -> None:
    def bold(root: etree._Element) -> None:
        run = next(control(root, "prix.montant").iter(f"{W}r"))
        run.insert(0, etree.fromstring(f'<w:rPr xmlns:w="{W[1:-1]}"><w:b/></w:rPr>'))

    fresh = refresh(edited(made(CONVENTION), bold), later(CONVENTION, dearer))
    sdt = control(parse_part(open_package(fresh.octets)[MAIN], MAIN), "prix.montant")
    assert DEARER in value_of(sdt) and sdt.find(f".//{W}b") is not None


def test_une_etape_de_plus_est_a_son_rang_et_les_reponses_suivent_leur_ligne() -> None:
    def more(data: Any) -> None:
        data["etapes"].insert(1, {**data["etapes"][0], "cle": "e9", "intitule": "Une étape neuve"})

    held = edited(made(SUIVI), write("etapes[1].intitule", "Un intitulé de la main"))
    fresh = refresh(held, later(SUIVI, more))
    said = controls(fresh.octets)
    assert said["etapes[1].intitule"] == "Une étape neuve"
    assert said["etapes[2].intitule"] == "Un intitulé de la main"
    tags = [tag for tag in said if tag.endswith("].intitule") and tag.startswith("etapes")]
    assert tags == sorted(tags)


def test_une_ligne_otee_s_en_va_ou_se_barre_quand_la_main_l_a_retouchee() -> None:
    def less(data: Any) -> None:
        del data["etapes"][1]

    fresh = refresh(made(SUIVI), later(SUIVI, less))
    assert "Élargissement de l’offre" not in page_text(fresh.octets)

    def note(root: etree._Element) -> None:
        paragraph = next(row_of(root, "etapes[1].intitule").iter(W_P))
        paragraph.append(
            etree.fromstring(f'<w:r xmlns:w="{W[1:-1]}"><w:t>Note de la main</w:t></w:r>')
        )

    fresh = refresh(edited(made(SUIVI), note), later(SUIVI, less))
    root = parse_part(open_package(fresh.octets)[MAIN], MAIN)
    struck = [str(text.text) for text in root.iter(f"{W}delText")]
    assert "Note de la main" in struck and root.find(f".//{W}trPr/{W}del") is not None
    assert any("Note de la main" in kept or "retouché" in kept for kept in fresh.gardes)
    assert controls(fresh.octets)["etapes[1].intitule"].startswith("Plan marketing")


def test_une_ligne_copiee_n_est_pas_deux_fois_un_champ_et_une_ligne_otee_le_reste() -> None:
    def copy(root: etree._Element) -> None:
        row = row_of(root, "etapes[1].intitule")
        row.addnext(deepcopy(row))

    fresh = refresh(edited(made(SUIVI), copy), sample(SUIVI))
    assert fresh.octets and controls(made(SUIVI))
    fresh = refresh(
        edited(made(SUIVI), copy),
        later(SUIVI, lambda data: data["etapes"][0].update(intitule="Changée")),
    )
    assert controls(fresh.octets)["etapes[0].intitule"] == "Changée"
    assert page_text(fresh.octets).count("Élargissement de l’offre") == 2

    def remove(root: etree._Element) -> None:
        row = row_of(root, "etapes[1].intitule")
        row.getparent().remove(row)  # type: ignore[union-attr]

    fresh = refresh(
        edited(made(SUIVI), remove),
        later(SUIVI, lambda data: data["etapes"][1].update(intitule="Changée")),
    )
    assert "etapes[1].intitule" not in controls(fresh.octets)
    assert "etapes[1].intitule" in {change.chemin for change in fresh.sans_place}


CLAUSE = "Toute modification de la mission est validée par écrit et notifiée par un avenant."
REWORDED = f"""
nom: DLA 00
herite: national
documents:
  convention_tripartite:
    formulations:
      modification.clause: {CLAUSE}
"""


@pytest.mark.parametrize("above", [True, False])
def test_une_ligne_copiee_puis_recrite_n_est_pas_l_originale_meme_collee_au_dessus(
    above: bool,
) -> None:
    def copy(root: etree._Element) -> None:
        row = next(control(root, "etapes[1].intitule").iterancestors(W_TR))
        fresh = deepcopy(row)
        (row.addprevious if above else row.addnext)(fresh)
        for sdt in list(fields(fresh)):
            first, *more = sdt.iter(W_T)
            first.text = f"Neuf {tag_of(sdt)}"
            for text in more:
                text.text = ""

    now = later(SUIVI, lambda data: data["etapes"][1].update(commentaires="Autre remarque."))
    fresh = refresh(edited(made(SUIVI), copy), now)
    said = controls(fresh.octets)
    assert said["etapes[1].commentaires"] == "Autre remarque." and not fresh.conflits
    assert said["etapes[1].intitule"] == controls(made(SUIVI))["etapes[1].intitule"]
    assert "Neuf etapes[1].commentaires" in page_text(fresh.octets) and not fresh.ecarts


def test_un_texte_recrit_des_deux_cotes_se_propose_dessous(tmp_path: Path) -> None:
    """La main complète la clause ; le DLA en a depuis récrit les mots dans son profil."""
    profil = tmp_path / "dla.yaml"
    profil.write_text(REWORDED, encoding="utf-8")
    end = " Il est signé de tous."

    def edit(root: etree._Element) -> None:
        clause = next(one for one in root.iter(W_T) if "Toute modification" in (one.text or ""))
        clause.text = f"{clause.text}{end}"

    held = edited(made(CONVENTION), edit)
    fresh = refresh(held, sample(CONVENTION), profil)
    [conflict] = fresh.conflits
    assert conflict.avant.startswith("Toute modification") and conflict.avant.endswith(end)
    assert conflict.apres == CLAUSE
    root = parse_part(open_package(fresh.octets)[MAIN], MAIN)
    clause = next(one for one in root.iter(W_P) if end in words(one))
    proposed = clause.getnext()
    assert proposed is not None and clause.find(f".//{W}ins") is None
    assert "".join(one.text or "" for ins in proposed.iter(f"{W}ins") for one in ins.iter(W_T)) == (
        CLAUSE
    )
    again = refresh(fresh.octets, sample(CONVENTION), profil)
    assert again.octets == fresh.octets and again.conflits == fresh.conflits
    dearer_too = refresh(fresh.octets, later(CONVENTION, dearer), profil)
    assert conflict in dearer_too.conflits and page_text(dearer_too.octets).count(CLAUSE) == 1


@pytest.mark.lent
def test_apres_un_enregistrement_par_libreoffice(tmp_path: Path) -> None:
    need_office()
    fresh = refresh(resaved(by_hand(made(CONVENTION)), tmp_path), later(CONVENTION, dearer))
    both(fresh, HAND, DEARER)
    assert not fresh.conflits
    again = resaved(fresh.octets, tmp_path)
    back = refresh(again, sample(CONVENTION))
    both(back, HAND, "7\N{NO-BREAK SPACE}600,00")


def test_sans_ses_etiquettes_la_page_suffit() -> None:
    fresh = refresh(without_tags(by_hand(made(CONVENTION))), later(CONVENTION, dearer))
    both(fresh, HAND, DEARER)
    assert DEARER in controls(fresh.octets)["prix.montant"]


def test_sans_la_page_qui_voyage_c_est_refuse() -> None:
    with pytest.raises(InputError, match="ne porte plus la page"):
        refresh(without_data(made(CONVENTION)), sample(CONVENTION))
    with pytest.raises(InputError, match="C'est un formulaire"):
        refresh(trame("cahier_des_charges"), sample("cahier_des_charges"))
    with pytest.raises(InputError, match="n'est pas"):
        refresh(made(SUIVI), sample(CONVENTION))


def test_la_commande_dit_garde_une_copie_et_se_defait(dla_docs: Call) -> None:
    assert dla_docs("exemple", CONVENTION, "-o", "essai").code == 0
    source = Path(f"essai/{CONVENTION}.yaml")
    words = ["produire", source, "-o", "c.docx", "--brouillon"]
    dla_docs(*words)
    held = by_hand(Path("c.docx").read_bytes())
    Path("c.docx").write_bytes(held)
    text = source.read_text(encoding="utf-8")
    source.write_text(re.sub(r"montant: 7.600", "montant: 8000", text), encoding="utf-8")
    refused = dla_docs(*words)
    assert refused.code == 1 and "dla-docs rafraichir c.docx" in refused.err
    seen = dla_docs("rafraichir", "c.docx", "--dans", source, "--apercu")
    assert "Rien n'a été écrit" in seen.out and Path("c.docx").read_bytes() == held
    said = dla_docs("rafraichir", "c.docx", "--dans", source)
    assert said.code == 0 and HAND in said.out and DEARER in said.out
    assert DEARER in page_text(Path("c.docx")) and HAND in page_text(Path("c.docx"))
    assert [path.read_bytes() for path in Path(".sauvegardes").rglob("0.avant")] == [held]
    assert dla_docs("rafraichir", "c.docx", "--dans", source).code == 0
    undone = dla_docs("annuler", "c.docx")
    assert undone.code == 0 and undone.out.endswith(".\n") and Path("c.docx").read_bytes() == held


def test_un_changement_au_dela_de_la_citation_se_voit() -> None:
    """Deux débuts semblables ne disaient pas ce qui a changé."""
    held = edited(made(CONVENTION), reword_the_end)
    [said] = [one for one in refresh(held, sample(CONVENTION)).gardes if "devenu" in one]
    was, now = said.split(" est devenu ")
    assert REWORDED_END in now and REWORDED_END not in was and was[:12] != now
    assert REWORDED_END in work_in(held)


REWORDED_END = "à la toute fin."


def reword_the_end(root: etree._Element) -> None:
    texts = [one for one in root.iter(W_T) if len(one.text or "") > 120]
    texts[0].text = f"{str(texts[0].text)[:-20]} {REWORDED_END}"

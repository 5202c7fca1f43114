"""Ce qui n'a plus de place : une réponse de la main dont la mission n'a plus la ligne, un fait
qu'elle dit depuis et dont la main a ôté la ligne ; et une marque posée sur un blanc.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree

from dla_docs import refresh
from dla_docs.retouches.contradictions import contradictions, of_mission
from dla_docs.retouches.refresh import Rafraichi
from dla_docs.retouches.work import work_in
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from dla_docs.word.names import W_R, W_SDTCONTENT, W_T, W
from dla_docs.word.package import MAIN, open_package, parse_part
from tests.cli.test_cibles import by_hand
from tests.retouches.test_histoires import (
    SUIVI,
    control,
    controls,
    edited,
    later,
    made,
    row_of,
    sample,
)
from tests.word_forms import page_text

NS = f'xmlns:w="{W[1:-1]}"'
RAPPORT = "rapport_final"
HOLD = " (sous réserve)"


def complete_a_funder(rank: int) -> Callable[[etree._Element], None]:
    def complete(root: etree._Element) -> None:
        content = control(root, f"couverture.financeurs[{rank}].nom").find(W_SDTCONTENT)
        assert content is not None
        content.append(etree.fromstring(f"<w:r {NS}><w:t>{HOLD}</w:t></w:r>"))

    return complete


def without_the_first_funder(data: Any) -> None:
    del data["couverture"]["financeurs"][0]


def test_une_reponse_completee_suit_sa_ligne_sans_cle_quand_une_autre_s_en_va() -> None:
    fresh = refresh(
        edited(made(RAPPORT), complete_a_funder(3)), later(RAPPORT, without_the_first_funder)
    )
    assert controls(fresh.octets)["couverture.financeurs[2].nom"].endswith(HOLD)
    assert "DDTEFP, " not in page_text(fresh.octets) and not fresh.conflits


def test_une_reponse_completee_reste_quand_la_phrase_en_dit_une_de_moins() -> None:
    """Les financeurs n'ont pas de clé : celui que la main avait complété n'est plus."""
    fresh = refresh(
        edited(made(RAPPORT), complete_a_funder(0)), later(RAPPORT, without_the_first_funder)
    )
    assert HOLD in page_text(fresh.octets)
    assert any(HOLD in kept for kept in fresh.gardes)
    [proposed] = [one for one in fresh.conflits if not one.chemin]
    assert HOLD in proposed.avant and HOLD not in proposed.apres
    back = refresh(fresh.octets, sample(RAPPORT))
    assert HOLD in page_text(back.octets)


def test_sans_retouche_la_phrase_en_dit_une_de_moins() -> None:
    fresh = refresh(made(RAPPORT), later(RAPPORT, without_the_first_funder))
    assert not fresh.gardes and not fresh.conflits
    assert "DDTEFP, " not in page_text(fresh.octets)


def without_a_number(data: Any) -> None:
    del data["structures"][0]["rna"]


def remove_the_structure(root: etree._Element) -> None:
    row = row_of(root, "structures[0].siret")
    row.getparent().remove(row)  # type: ignore[union-attr]


def test_un_fait_dit_depuis_est_nomme_quand_la_main_en_a_ote_la_ligne() -> None:
    left = fill(resolve(later(SUIVI, without_a_number), brouillon=True))
    assert "structures[0].rna" not in controls(left) and "structures[0].rna" in controls(
        made(SUIVI)
    )
    fresh = refresh(edited(left, remove_the_structure), sample(SUIVI))
    assert "structures[0].siret" not in controls(fresh.octets)
    [named] = fresh.sans_place
    assert not fresh.conflits
    assert (named.chemin, named.avant) == ("structures[0].rna", "")
    assert named.apres == controls(made(SUIVI))["structures[0].rna"]
    [told] = [one for one in told_of(fresh) if "structures[0].rna" in one]
    assert "la page n'en a plus la place. Écrivez-le dans Word" in told and "accepter" not in told
    again = refresh(by_hand(fresh.octets, f"RNA {named.apres}"), sample(SUIVI))
    assert not [one for one in told_of(again) if "structures[0].rna" in one]


def told_of(made: Rafraichi) -> list[str]:
    return [str(one) for one in contradictions(Path("suivi.docx"), made, of_mission())]


def highlight_a_blank(root: etree._Element) -> None:
    """Le blanc entre le code postal et la ville."""
    blank = control(root, "structures[0].adresse.ville").getprevious()
    assert blank is not None and blank.tag == W_R and blank.findtext(W_T) == " "
    blank.insert(0, etree.fromstring(f'<w:rPr {NS}><w:highlight w:val="magenta"/></w:rPr>'))


def test_un_blanc_surligne_est_une_retouche_et_reste() -> None:
    def nowhere(data: Any) -> None:
        del data["structures"][0]["adresse"]["voie"]

    held = edited(made(SUIVI), highlight_a_blank)
    assert "surlignage mis dans" in work_in(held)
    fresh = refresh(held, later(SUIVI, nowhere))
    root = parse_part(open_package(fresh.octets)[MAIN], MAIN)
    assert len(root.findall(f".//{W}highlight[@{W}val='magenta']")) == 1
    assert any("surlignage" in kept for kept in fresh.gardes)

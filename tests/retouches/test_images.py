"""Les images que la mission montre maintenant : un logo donné depuis l'envoi entre dans la page que
la main a retouchée, une fois, à sa place.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image

from dla_docs import refresh
from dla_docs.model.document import Document
from dla_docs.model.validation import validated
from dla_docs.resources import sample_path
from dla_docs.retouches.refresh import merged
from dla_docs.retouches.work import work_in
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from dla_docs.word.names import W_R, W
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.soundness import soundness
from tests.cli.test_cibles import HAND, by_hand
from tests.offices import need_office
from tests.retouches.hand import NS
from tests.retouches.test_histoires import later, made, sample
from tests.word_forms import page_text, parts_of, resaved, zipped

LOGO = {"texte_alternatif": "Logo d'exemple"}
LOGO_FILE = "logos/operateur.png"
FUNDER = {"nom": "Région d'Exemple", "logo": {"fichier": "logos/conseil_regional.png"}}


def placed(slug: str, file: str = LOGO_FILE) -> Document:
    def with_logos(data: Any) -> None:
        data["operateur"] |= {"logo": {**LOGO, "fichier": file}, "financeurs": [FUNDER]}

    document = later(slug, with_logos)
    return validated(type(document), document.model_dump()).placed(
        None, None, sample_path(slug).parent
    )


def shown(octets: bytes) -> dict[str, list[str]]:
    """Par partie du fichier, l'empreinte de chaque image qu'elle montre, dans l'ordre."""
    parts, found = open_package(octets), dict[str, list[str]]()
    for name in parts:
        links = parts.get(f"word/_rels/{name.removeprefix('word/')}.rels", b"").decode()
        targets = dict(re.findall(r'Id="([^"]+)"[^>]*Target="(media/[^"]+)"', links))
        targets |= {
            one: to for to, one in re.findall(r'Target="(media/[^"]+)"[^>]*Id="([^"]+)"', links)
        }
        asked = re.findall(r'r:embed="([^"]+)"', parts[name].decode("utf-8", "replace"))
        if targets and asked:
            found[name] = [
                hashlib.sha256(parts[f"word/{targets[one]}"]).hexdigest() for one in asked
            ]
    return found


@pytest.mark.parametrize("slug", ["convention_tripartite", "cahier_des_charges"])
def test_un_logo_donne_depuis_entre_dans_la_page_retouchee(slug: str) -> None:
    now = placed(slug)
    fresh = refresh(by_hand(made(slug)), now)
    expected = shown(fill(resolve(now, brouillon=True)))
    assert not shown(made(slug)) and sum(map(len, expected.values())) >= 2
    assert "Image : «  » → « Logo d'exemple »" in map(str, fresh.mis_a_jour)
    assert shown(fresh.octets) == expected
    assert HAND in page_text(fresh.octets) and not soundness(open_package(fresh.octets))
    again = refresh(fresh.octets, now)
    assert again.octets == fresh.octets
    assert not shown(refresh(fresh.octets, sample(slug)).octets)


def test_un_logo_remplace_sous_la_meme_description_l_est_dans_la_page_retouchee() -> None:
    slug = "convention_tripartite"
    left = by_hand(fill(resolve(placed(slug), brouillon=True)))
    now = placed(slug, "logos/dla.png")
    fresh = refresh(left, now)
    assert shown(fresh.octets) == shown(fill(resolve(now, brouillon=True))) != shown(left)
    assert HAND in page_text(fresh.octets)


@pytest.mark.lent
def test_un_logo_entre_dans_un_en_tete_que_libreoffice_a_renumerote(tmp_path: Path) -> None:
    need_office()
    slug = "convention_tripartite"
    left = resaved(by_hand(fill(resolve(sample(slug)))), tmp_path)
    now = placed(slug)
    made_now = fill(resolve(now))
    fresh = merged(left, made_now, now)
    (logos,) = shown(made_now).values()
    assert logos in shown(fresh.octets).values()
    assert HAND in page_text(fresh.octets) and not soundness(open_package(fresh.octets))


def logo_in(parts: dict[str, bytes]) -> str:
    logo = (sample_path("convention_tripartite").parent / LOGO_FILE).read_bytes()
    return next(name for name, data in parts.items() if data == logo)


def with_another(octets: bytes, size: tuple[int, int]) -> bytes:
    """La même page, où la main a mis une autre image à la place du logo de l'opérateur."""
    parts = parts_of(octets)
    name = logo_in(parts)
    drawn = io.BytesIO()
    Image.new("RGB", size, "orange").save(drawn, "PNG")
    return zipped({**parts, name: drawn.getvalue()})


def test_une_image_remplacee_par_la_main_est_une_retouche_et_reste() -> None:
    slug = "convention_tripartite"
    left = fill(resolve(placed(slug), brouillon=True))
    held = with_another(left, (37, 41))
    assert "une image remplacée par une autre, ou réduite par Word" in work_in(held)
    assert not work_in(left)
    mine = {one for found in shown(held).values() for one in found} - {
        one for found in shown(left).values() for one in found
    }
    fresh = refresh(held, placed(slug, "logos/dla.png"))
    assert mine <= {one for found in shown(fresh.octets).values() for one in found}
    [conflict] = fresh.conflits
    assert str(conflict) == "Image : « Logo d'exemple (de la main) » → « Logo d'exemple (proposé) »"
    assert refresh(fresh.octets, placed(slug, "logos/dla.png")).conflits == fresh.conflits


def in_a_header(octets: bytes, tag: str, edit: Callable[[etree._Element], None]) -> bytes:
    """Ce qu'une main fait du premier morceau de cette sorte d'un en-tête ou d'un pied de page."""
    parts = parts_of(octets)
    for name in sorted(parts):
        if name.startswith(("word/header", "word/footer")):
            root = parse_part(parts[name], name)
            if (found := next(root.iter(tag), None)) is not None:
                edit(found)
                return zipped({**parts, name: etree.tostring(root)})
    raise AssertionError(tag)


def bolder(run: etree._Element) -> None:
    run.insert(0, etree.fromstring(f'<w:rPr {NS}><w:highlight w:val="cyan"/></w:rPr>'))


def takes_away(element: etree._Element) -> None:
    element.getparent().remove(element)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("tag", "edit", "said"),
    [(W_R, bolder, "surlignage"), (f"{W}drawing", takes_away, "une image ôtée d'un en-tête")],
)
def test_ce_qu_une_main_fait_d_un_en_tete_sans_ses_mots_se_voit(
    tag: str, edit: Callable[[etree._Element], None], said: str
) -> None:
    octets = fill(resolve(placed("convention_tripartite")))
    assert not work_in(octets)
    assert said in work_in(in_a_header(octets, tag, edit))


def test_un_logo_que_la_main_et_la_mission_ont_change_reste_et_se_voit() -> None:
    """Le dossier prenait la page pour la sienne, et récrivait l'image de la main."""
    slug = "convention_tripartite"
    left = with_another(fill(resolve(placed(slug))), (40, 40))
    mine = {one for found in shown(left).values() for one in found}
    fresh = refresh(left, placed(slug, "logos/dla.png"))
    assert fresh.conflits and work_in(fresh.octets)
    assert mine <= {one for found in shown(fresh.octets).values() for one in found}

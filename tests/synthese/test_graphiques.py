"""Les graphiques : lisibles de tous, vrais, et jamais un obstacle."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from PIL import Image as Picture

from dla_docs import SyntheseEvaluations, check, load, render
from dla_docs.resources import sample_path
from dla_docs.stages.charts import COLOURS, Bar, can_draw, charts, draw
from dla_docs.templating import Image
from dla_docs.word.package import open_package
from tests.synthese.fiches import documents, individuelle

SERIES = ("Oui", "Non", "Sans objet")


def drawn(*bars: Bar) -> Image:
    image = draw("Essai", SERIES, bars, 25.0)
    assert image is not None
    return image


def pixels(image: Image) -> np.ndarray[tuple[int, ...], np.dtype[np.int_]]:
    return np.asarray(Picture.open(io.BytesIO(image.content)).convert("RGB")).astype(int)


def painted(image: Image, colour: str) -> int:
    """How many pixels are of that very colour."""
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return int((pixels(image) == wanted).all(axis=2).sum())


def test_la_longueur_des_barres_dit_les_parts() -> None:
    half, most = drawn(Bar("a", (50, 50, 0))), drawn(Bar("a", (90, 10, 0)))
    assert painted(most, COLOURS[0]) / painted(half, COLOURS[0]) == pytest.approx(90 / 50, rel=0.03)
    assert painted(half, COLOURS[2]) == painted(most, COLOURS[2]) > 0, "la légende seule"


def test_les_series_se_distinguent_aussi_sans_couleur() -> None:
    alone = [
        Picture.open(io.BytesIO(drawn(Bar("a", counts)).content)).convert("L")
        for counts in ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    ]
    varied = [
        float(np.asarray(one)[-40:-26, 1000:1300].std()) for one in alone
    ]  # inside the bar: plain, or hatched
    assert varied[0] < 1 < min(varied[1:])


def test_l_image_est_decrite_et_ses_parts_ont_une_virgule() -> None:
    image = drawn(
        Bar("Délais", (2, 1, 0)),
        Bar("Contenu", (1, 2, 0)),
        Bar("Productions", (0, 0, 0), "moins de 5 réponses"),
    )
    assert (
        "Le plus de Oui : « Délais » (66,7\N{NO-BREAK SPACE}%) ; le moins : « Contenu » "
        "(33,3\N{NO-BREAK SPACE}%)" in image.alt
    )
    assert "2 lignes" in image.alt


def test_les_memes_chiffres_donnent_les_memes_octets() -> None:
    bars = [Bar(f"Critère {number}", (number, 3, 1)) for number in range(30)]
    assert drawn(*bars).content == drawn(*bars).content
    assert drawn(*bars).size_emu()[1] <= 12.1 * 360_000, "il tient sur une page"


@pytest.mark.parametrize(
    "label",
    [
        "Coût de 12 $ ou de 15 $",
        "Bravo 👍 日本",
        "x" * 400,
        "$\\frac{1}{2}$",
        "\\usepackage{x}",
        "a\nb\tc",
        "",
    ],
)
def test_tout_libelle_se_dessine(label: str) -> None:
    assert drawn(Bar(label, (1, 2, 3))).extension == "png"


def test_une_suite_sans_chiffres_n_a_pas_de_graphique() -> None:
    sample = load(sample_path("synthese_evaluations"))
    assert isinstance(sample, SyntheseEvaluations)
    years = tuple(
        row.model_copy(update={"chiffres": type(row.chiffres)()}) for row in sample.par_annee
    )
    made = charts(sample.model_copy(update={"par_theme": (), "par_annee": years}))
    assert (made["par_theme"], made["par_annee"]) == (None, None) and made["individuelles"][
        "criteres"
    ]


def test_un_document_sans_graphique_n_appelle_pas_matplotlib() -> None:
    assert charts(documents([individuelle(1)])[0]) == {}


def test_sans_matplotlib_la_synthese_se_fait_sans_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert not can_draw()
    sample = load(sample_path("synthese_evaluations"))
    assert check(sample) == []
    assert not [name for name in open_package(render(sample)) if name.startswith("word/media/")]

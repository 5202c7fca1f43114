"""Le recueil : toutes les sortes de sources, chaque fiche une fois, et rien de tu."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pikepdf
import pytest
import yaml

from dla_docs import CahierDesCharges, Role, check, render, trame
from dla_docs.cli.application import run
from dla_docs.constat import Gravite
from dla_docs.errors import DlaDocsError, InputError
from dla_docs.forms.blank_form import form
from dla_docs.pdf.attachment import attach
from dla_docs.pipeline import attached
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_mission
from dla_docs.stages.request import resolve
from dla_docs.synthese import gather, synthesise
from tests.documents.verdict import tenu
from tests.synthese.fiches import Raw, collective, document, individuelle, write
from tests.word_forms import fill, write_over_box


def returned(raw: Raw, answers: dict[str, str], path: Path) -> Path:
    """The sheet sent as a Word form, filled in Word, and back."""
    path.write_bytes(fill(form(document(raw), None, load_profil("national")), answers))
    return path


def mission(tmp_path: Path) -> Path:
    """The collective sample with its cited files, elsewhere."""
    shutil.copytree(sample_path("mission_collective").parent, tmp_path / "missions")
    return tmp_path / "missions" / "mission_collective.yaml"


def test_un_formulaire_word_revenu_compte_avec_ses_reponses(tmp_path: Path) -> None:
    path = returned(
        individuelle(1, None),
        {"relation.echanges.reponse": "Non", "relation.echanges.commentaire": "Trop rares."},
        tmp_path / "retour.docx",
    )
    made = synthesise(path, seuil=1)
    row = next(row for row in made.individuelles.criteres if row.critere == "Qualité des échanges")
    assert (row.chiffres.non, row.chiffres.reponses) == (1, 1)
    assert [
        remark.texte for held in made.individuelles.commentaires for remark in held.remarques
    ] == ["Trop rares."]


def test_une_cellule_qui_ne_se_lit_pas_est_dite_et_les_autres_comptent(tmp_path: Path) -> None:
    path = returned(
        individuelle(1, None),
        {"relation.confiance.reponse": "Oui"},
        tmp_path / "retour.docx",
    )
    path.write_bytes(write_over_box(path.read_bytes(), "relation.echanges.reponse", "peut-être"))
    recueil = gather(path)
    assert [line.libelle for line in recueil.fiches[0].lignes if line.reponse] == [
        "Création et maintien d'une relation de confiance"
    ]
    assert [
        "peut-être" in str(constat) and "retour.docx" in str(constat)
        for constat in recueil.constats
    ] == [True]


def test_un_pdf_qui_porte_ses_donnees_compte(tmp_path: Path) -> None:
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        attach(pdf, attached(resolve(document(individuelle(1, "non")))))
        pdf.save(target)
    (tmp_path / "fiche.pdf").write_bytes(target.getvalue())
    assert synthesise(tmp_path / "fiche.pdf", seuil=1).individuelles.criteres[0].chiffres.non == 1


def test_une_mission_donne_ses_fiches_et_son_theme(tmp_path: Path) -> None:
    path = mission(tmp_path)
    recueil = gather(path)
    assert (len(recueil.fiches), recueil.constats) == (3, ())
    order = tenu(load_mission(path).premier(CahierDesCharges))
    assert [group.nom for group in synthesise(recueil, seuil=1).par_theme] == [
        order.objectifs.theme
    ]


def test_un_dossier_de_mission_ne_dit_rien_de_ce_que_la_mission_cite(tmp_path: Path) -> None:
    folder = mission(tmp_path).parent
    assert (folder / "operateur.yaml").exists() and list(folder.glob("prestataires/*.yaml"))
    for other in [*folder.glob("evaluation_*.yaml"), *folder.glob("mission_[is]*.yaml")]:
        other.unlink()
    (folder / "~$retour.docx").write_bytes(b"verrou de Word")
    recueil = gather(folder)
    assert len(recueil.fiches) > 0 and recueil.non_lus == 0
    assert {constat.gravite for constat in recueil.constats} <= {Gravite.INFORMATION}


def test_un_parcours_donne_les_fiches_de_ses_missions(tmp_path: Path) -> None:
    path = mission(tmp_path)
    parcours = path.with_name("parcours.yaml")
    parcours.write_text(
        "document: parcours\ntitre: Essai\nmissions: [mission_collective.yaml]\n", encoding="utf-8"
    )
    assert len(gather(parcours).fiches) == 3


BROKEN = {
    "abimee.docx": b"PK\x03\x04 rien",
    "vide.pdf": b"%PDF-1.4",
    "illisible.yaml": b"document: evaluation_individuelle\ndate: [\n",
    "notes.txt": b"x",
}


def test_ce_qui_ne_se_lit_pas_est_dit_et_le_reste_compte(tmp_path: Path) -> None:
    paths = [write(individuelle(number), tmp_path / f"{number}.yaml") for number in range(2)]
    for name, content in BROKEN.items():
        (tmp_path / name).write_bytes(content)
        paths.append(tmp_path / name)
    recueil = gather([*paths, tmp_path / "absente.docx"])
    assert (len(recueil.fiches), recueil.non_lus) == (2, len(BROKEN) + 1)
    assert {Path(constat.fichier).name for constat in recueil.constats} == {*BROKEN, "absente.docx"}
    assert {constat.gravite for constat in recueil.constats} == {Gravite.BLOQUANT}
    made = synthesise(recueil)
    assert made.fichiers_non_lus == 5
    assert {constat.gravite for constat in check(made)} == {Gravite.AVERTISSEMENT}, (
        "la synthèse part, et le dit"
    )
    assert render(made)


def test_rien_a_lire_est_un_refus_qui_dit_tout(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    with pytest.raises(InputError, match="Aucune fiche"):
        gather(tmp_path / "vide")
    (tmp_path / "a.docx").write_bytes(b"x")
    (tmp_path / "b.docx").write_bytes(b"y")
    with pytest.raises(InputError) as refused:
        gather(tmp_path)
    assert len(refused.value.constats) == 2


def test_une_fiche_vierge_ne_compte_pas_et_c_est_dit(tmp_path: Path) -> None:
    recueil = gather(
        [
            write(individuelle(1), tmp_path / "a.yaml"),
            write(individuelle(2, None), tmp_path / "b.yaml"),
        ]
    )
    assert len(recueil.fiches) == 1
    assert [
        "aucune réponse" in str(constat) and "b.yaml" in str(constat)
        for constat in recueil.constats
    ] == [True]


def test_une_triche_est_dite_du_fichier_qui_la_porte(tmp_path: Path) -> None:
    """Et le remède se fait avec les commandes qu'il cite : la synthèse n'a pas « --forcer »."""
    mine = load_mission(sample_path("mission_individuelle"))
    for role in (Role.CHARGE_DE_MISSION, Role.STRUCTURE):
        answers = (
            {"conditions.delais.commentaire": "Pris à un autre."} if role is Role.STRUCTURE else {}
        )
        docx = fill(trame("evaluation_individuelle", mine, role), answers)
        (tmp_path / f"{role.value}.docx").write_bytes(docx)
    recueil = gather([tmp_path], "centre")
    assert len(recueil.fiches) == 1
    told = [one for one in recueil.constats if "Pris à un autre." in one.message]
    assert [one.fichier for one in told] == [str(tmp_path / "structure.docx")]
    assert "--forcer" not in told[0].conseil
    assert "dla-docs reunir" in told[0].conseil


def test_un_autre_document_est_laisse_de_cote(tmp_path: Path) -> None:
    order = sample_path("cahier_des_charges")
    recueil = gather(
        [write(individuelle(1), tmp_path / "a.yaml"), order, order, sample_path("proposition")]
    )
    assert len(recueil.fiches) == 1
    assert ["non une fiche d'évaluation" in str(constat) for constat in recueil.constats] == [
        True,
        True,
    ], "une fois par sorte"
    assert ["2 fichiers" in str(constat) for constat in recueil.constats] == [True, False]


@pytest.mark.parametrize("kind", ["[a, b]", "{a: b}", "", "12"])
def test_un_yaml_d_un_dossier_qui_n_est_de_rien_est_passe(kind: str, tmp_path: Path) -> None:
    (tmp_path / "autre.yaml").write_text(f"document: {kind}\n", encoding="utf-8")
    write(individuelle(1), tmp_path / "fiche.yaml")
    recueil = gather(tmp_path)
    assert (len(recueil.fiches), recueil.constats) == (1, ())


def test_la_meme_fiche_en_word_et_en_yaml_compte_une_fois(tmp_path: Path) -> None:
    raw = individuelle(7, "oui")
    recueil = gather([write(raw, tmp_path / "a.yaml"), returned(raw, {}, tmp_path / "b.docx")])
    assert (len(recueil.fiches), recueil.doublons) == (1, 1)
    (said,) = recueil.constats
    assert said.gravite is Gravite.INFORMATION and "« a.yaml » et « b.docx »" in str(said)


def test_de_deux_versions_d_une_fiche_la_plus_complete_est_gardee(tmp_path: Path) -> None:
    short, long = (
        individuelle(7, "oui"),
        individuelle(7, "non", relation={"echanges": {"reponse": "oui"}}),
    )
    recueil = gather(
        [write(long, tmp_path / "longue.yaml"), write(short, tmp_path / "courte.yaml")]
    )
    assert [line.reponse for line in recueil.fiches[0].lignes if line.reponse] == ["Non", "Oui"]
    (said,) = recueil.constats
    assert said.gravite is Gravite.AVERTISSEMENT and "celle de « longue.yaml »" in str(said)


@pytest.mark.parametrize(
    ("others", "sheets"),
    [
        ([individuelle(2)], 2),  # another convention
        ([collective(1), collective(2)], 3),  # two participants of one mission
        ([collective(1), collective(1, "non")], 2),  # the same participant, again
        (
            [
                individuelle(1, reference_convention=None),
                individuelle(1, "non", reference_convention=None),
            ],
            2,
        ),  # known by their structure
    ],
)
def test_ce_qui_fait_qu_une_fiche_est_la_meme(others: list[Raw], sheets: int) -> None:
    assert (
        len(
            gather(
                [document(raw) for raw in [individuelle(1, reference_convention="A"), *others]]
            ).fiches
        )
        == sheets
    )


def test_des_fiches_sans_nom_remplies_a_partir_du_meme_envoi_restent_plusieurs(
    tmp_path: Path,
) -> None:
    """A blank form that goes to twelve participants comes back twelve times: its sending does not
    make it one sheet.
    """
    raw = collective(1, None, participant={}, reference_convention="C-1")
    same = {"relation.animation.reponse": "Oui"}
    paths = [
        returned(
            raw,
            {**same, "relation.animation.commentaire": f"Avis {number}"},
            tmp_path / f"{number}.docx",
        )
        for number in range(3)
    ]
    again = tmp_path / "copie.docx"
    again.write_bytes(paths[0].read_bytes())
    recueil = gather([*paths, again])
    assert (len(recueil.fiches), recueil.doublons) == (3, 1), (
        "seule la copie du fichier est un doublon"
    )


COLLECTIVE = """
document: mission
nature: collective
reference: DLA00-2006-03
documents:
  evaluation_collective: [{participant: Charlie Épreuve}, {participant: Élie Calque}]
"""


@pytest.mark.parametrize("fiches", ["nommees", "anonymes"])
def test_la_fiche_d_un_participant_et_celle_que_le_prestataire_commente_n_en_font_qu_une(
    fiches: str, tmp_path: Path
) -> None:
    """Anonyme, elle n'est reconnue qu'à sa clé : elle comptait une fois par formulaire, et une de
    plus avec la mission.
    """
    held, profil = tmp_path / "mission.yaml", tmp_path / "dla.yaml"
    held.write_text(COLLECTIVE, encoding="utf-8")
    profil.write_text(f"herite: national\nnom: DLA\nparticipants: {fiches}\n", encoding="utf-8")
    folders = {"participant": tmp_path / "a", "prestataire": tmp_path / "b"}
    for role, field in (("participant", "reponse"), ("prestataire", "commentaire_prestataire")):
        asked = ["-o", f"{folders[role]}/", "--mission", str(held), "--pour", role]
        run(["trame", "evaluation_collective", *asked, "--profil", str(profil)])
        for path in folders[role].iterdir():
            said = {f"relation.animation.{field}": "Oui"}
            path.write_bytes(fill(path.read_bytes(), said))
        run(["reunir", str(folders[role]), "--dans", str(held), "--profil", str(profil)])
    for sources in ([*folders.values()], [*folders.values(), held]):
        assert len(gather(sources, str(profil)).fiches) == 2


@pytest.mark.parametrize(
    ("learnt", "sheets"),
    [
        ("reference_convention: DLA00-C1", 1),
        ("reference: DLA00-2006-04", 2),  # another mission, of the same structure
    ],
)
def test_une_fiche_repartie_quand_la_mission_en_sait_plus_compte_une_fois(
    learnt: str, sheets: int, tmp_path: Path
) -> None:
    """Le premier formulaire ne sait pas la convention, ni le jour de l'échange : deux fiches, où la
    réponse de la structure comptait deux fois.
    """
    held = tmp_path / "mission.yaml"
    said = {
        "document": "mission",
        "nature": "individuelle",
        "reference": "DLA00-2006-03",
        "structures": [{"nom": "Association Calque"}],
        "documents": {"evaluation_individuelle": {"modalites": "De visu"}},
    }
    for role, field in (("structure", "reponse"), ("prestataire", "commentaire_prestataire")):
        held.write_text(yaml.dump(said, allow_unicode=True), encoding="utf-8")
        form_ = trame("evaluation_individuelle", load_mission(held), Role(role))
        back = tmp_path / f"{role}.docx"
        back.write_bytes(fill(form_, {f"relation.echanges.{field}": "Oui"}))
        name, _, value = learnt.partition(": ")
        said |= {name: value}
        said["documents"] = {
            "evaluation_individuelle": {
                "date": "09/01/2006",
                "relation": {"echanges": {"reponse": "oui"}},
            }
        }
    recueil = gather([tmp_path / "structure.docx", tmp_path / "prestataire.docx"])
    assert len(recueil.fiches) == sheets


def test_la_mission_donne_son_theme_aux_fiches_revenues_a_part(tmp_path: Path) -> None:
    path = mission(tmp_path)
    held = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    reference = held["reference_convention"]
    recueil = gather([document(individuelle(1, reference_convention=reference)), path])
    assert len({fiche.theme for fiche in recueil.fiches}) == 1 and recueil.fiches[0].theme
    held.pop("reference_convention")
    path.write_text(yaml.dump(held, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    alone = gather([document(individuelle(1, reference_convention=None)), path])
    assert alone.fiches[0].theme == "", "sans référence, rien ne dit que c'est la même mission"


def test_aucune_erreur_etrangere_ne_sort(tmp_path: Path) -> None:
    for name, content in {
        "a.json": b"{",
        "b.yaml": b"\xff\xfe",
        "c.pdf": b"",
        "d.docx": b"",
        "e.yaml": b"document: parcours\nmissions: [f.yaml]\n",
    }.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DlaDocsError):
        gather([tmp_path, tmp_path / "b\0.yaml"])

"""Le courriel qui porte un formulaire : relu comme le lit un programme de courrier."""

from __future__ import annotations

import email
import shutil
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs.forms import read
from dla_docs.resources import sample_path
from tests.cli.conftest import Call
from tests.cli.conftest import dla_docs as dla_docs

MISSION = sample_path("mission_individuelle")
COLLECTIVE = sample_path("mission_collective")
ROLE = ("--pour", "prestataire", "--courriel")


def opened(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage) and not message.defects
    assert message["X-Unsent"] == "1" and message["Date"] is None  # it is not sent yet
    return message


def body_of(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None and body.get_content_charset() == "utf-8"
    return str(body.get_content()).replace("\N{NO-BREAK SPACE}", "~").replace("\r", "")


def changed(folder: Path, **values: Any) -> Path:
    """The sample mission, some of its parts replaced, with the files that it cites."""
    data = yaml.load(MISSION.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for name, value in values.items():
        data[name] = value
    shutil.copytree(MISSION.parent, folder, dirs_exist_ok=True)
    path = folder / "mission.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    return path


def test_le_courriel_dit_quoi_a_qui_et_jusqu_a_quand(dla_docs: Call) -> None:
    said = dla_docs("trame", "proposition", "-o", "envois/", "--mission", MISSION, *ROLE)
    assert (said.code, said.err) == (0, "")
    name = "proposition - Coopérative Bêta Exemple"
    assert (
        str(Path("envois", f"{name}.eml")) + " : pour Sacha Prototype <sacha.prototype@example.org>"
    ) in said.out.splitlines()
    message = opened(Path("envois", f"{name}.eml"))
    assert message["To"] == "Sacha Prototype <sacha.prototype@example.org>"
    assert message["From"] == "Camille Exemple <camille.exemple@example.org>"
    subject = message["Subject"].replace("\N{NO-BREAK SPACE}", "~")
    assert subject == (
        "Proposition d’intervention~: à remplir avant le 22~juillet~2005 – "
        "Association Exemple Insertion"
    )
    text = body_of(message)
    assert "Vous trouverez ci-joint le formulaire «~Proposition d’intervention~»" in text
    assert "Merci de me le renvoyer avant le 22~juillet~2005." in text
    assert "«~Date d’écriture de la proposition d’intervention~»" in text
    assert text.startswith("Bonjour,\n\n") and text.endswith(
        "\nCamille Exemple\nChargée de mission DLA\nDLA 00, Association Exemple d’appui\n"
        "02~61~91~00~10\ncamille.exemple@example.org\n"
    )
    (form,) = message.iter_attachments()
    assert form.get_filename() == f"{name}.docx"
    assert form.get_content() == Path("envois", f"{name}.docx").read_bytes()


def test_un_courriel_par_fiche_sans_rien_des_autres(dla_docs: Call) -> None:
    dla_docs("trame", "proposition", "-o", "envois", "--mission", MISSION, *ROLE)
    alpha, beta = sorted(Path("envois").glob("*.eml"))
    for path, other in ((alpha, ("Bêta", "Sacha", "gamma")), (beta, ("Alpha", "Claude", "gamma"))):
        message = opened(path)
        held = f"{dict(message.items())}{body_of(message)}"
        names = [part.get_filename() for part in message.iter_attachments()]
        assert not [word for word in other if word.casefold() in f"{held}{names}".casefold()]


def test_un_appel_qui_ne_nomme_pas_la_structure_part_sans_son_nom(dla_docs: Call) -> None:
    mission = sample_path("mission_simplifiee")
    dla_docs("trame", "appel_a_competences", "-o", "appels/", "--mission", mission, *ROLE)
    for path in Path("appels").glob("*.eml"):
        message = opened(path)
        assert "Jardin" not in f"{message['Subject']}{body_of(message)}"
        assert "avant le 20~septembre~2013" in body_of(message)


def test_sans_adresse_connue_il_est_fait_sans_destinataire_et_le_dit(
    dla_docs: Call, tmp_path: Path
) -> None:
    structures = [{"nom": "Association Exemple", "responsable": {"nom": "Andrea Modèle"}}]
    mission = changed(tmp_path, structures=structures)
    words = ("-o", "fiche.docx", "--mission", mission, "--pour", "structure", "--courriel")
    said = dla_docs("trame", "evaluation_individuelle", *words)
    assert said.code == 0 and said.out.splitlines()[-1] == "fiche.eml"
    assert "sans destinataire : rien ne dit l'adresse où joindre la structure." in said.err
    message = opened(Path("fiche.eml"))
    assert message["To"] is None and "renvoyer dès qu’il est rempli" in body_of(message)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["proposition"], "« --pour » ne dit pas à qui il va"),
        (
            ["diagnostic_partage", "--mission", COLLECTIVE, "--pour", "structure"],
            "il va à plusieurs personnes, qui ne doivent pas voir l'adresse des autres",
        ),
    ],
)
def test_a_plusieurs_ou_a_personne_il_n_a_pas_de_destinataire(
    dla_docs: Call, words: list[Any], why: str
) -> None:
    said = dla_docs("trame", *words, "-o", "f.docx", "--courriel")
    assert said.code == 0 and why in said.err
    assert opened(Path("f.eml"))["To"] is None


def test_le_formulaire_pdf_part_de_meme(dla_docs: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dla_docs.forms.pdf_form.to_pdf", lambda octets, profil: b"%PDF-1.7 vide")
    words = ("--mission", MISSION, *ROLE)
    assert dla_docs("trame", "grille_de_suivi", "-o", "suivi.pdf", *words).code == 0
    message = opened(Path("suivi.eml"))
    (form,) = message.iter_attachments()
    assert (form.get_content_type(), form.get_filename()) == ("application/pdf", "suivi.pdf")
    assert form.get_content() == b"%PDF-1.7 vide"
    assert "Ouvrez-le dans un lecteur de PDF" in body_of(message)


def test_le_meme_formulaire_fait_le_meme_courriel_et_se_relit(dla_docs: Call) -> None:
    words = ("--mission", MISSION, *ROLE)
    dla_docs("trame", "grille_de_suivi", "-o", "suivi.docx", *words)
    first = Path("suivi.eml").read_bytes()
    dla_docs("trame", "grille_de_suivi", "-o", "suivi.docx", *words)
    assert Path("suivi.eml").read_bytes() == first and b"\r\n" in first
    (form,) = opened(Path("suivi.eml")).iter_attachments()
    Path("revenu.docx").write_bytes(form.get_content())
    assert read("revenu.docx").document.slug() == "grille_de_suivi"
    Path("suivi.eml").unlink()
    dla_docs("trame", "grille_de_suivi", "-o", "suivi.docx", "--mission", MISSION)
    assert not Path("suivi.eml").exists()


def test_le_courriel_va_a_qui_remplit_pour_le_dla_ou_a_personne(dla_docs: Call) -> None:
    sheet = ("trame", "evaluation_collective", "--mission", COLLECTIVE, "--courriel", "-o")
    said = dla_docs(*sheet, "dla.docx", "--pour", "charge_de_mission")
    assert (said.code, said.err) == (0, "")
    assert opened(Path("dla.eml"))["To"] == "Dominique Modèle <dominique.modele@example.org>"
    said = dla_docs(*sheet, "participant.docx", "--pour", "participant")
    assert said.code == 0 and "le courriel est sans destinataire" in said.err.lower()
    assert opened(Path("participant.eml"))["To"] is None


def test_une_adresse_accentuee_est_ecrite(dla_docs: Call, tmp_path: Path) -> None:
    shutil.copytree(MISSION.parent, tmp_path / "essai")
    path = tmp_path / "essai" / "prestataires" / "alpha.yaml"
    text = path.read_text(encoding="utf-8")
    assert "claude.fictif@example.org" in text
    path.write_text(text.replace("claude.fictif@", "hélène.fictif@"), encoding="utf-8")
    mission = tmp_path / "essai" / MISSION.name
    said = dla_docs("trame", "grille_de_suivi", "-o", "s.docx", "--mission", mission, *ROLE)
    assert (said.code, said.err) == (0, "")
    assert "s.eml : pour Claude Fictif <hélène.fictif@example.org>" in said.out
    octets = Path("s.eml").read_bytes()
    assert "To: Claude Fictif <hélène.fictif@example.org>" in octets.decode()

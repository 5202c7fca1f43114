"""La lecture d'un fichier : tous les problèmes à la fois, en français, chacun avec son chemin, sa
ligne et son remède.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pydantic import ValidationError

from dla_docs import DlaDocsError, InputError, Mission, NotificationDeChoix, load, to_yaml
from dla_docs.cli.application import run
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text
from tests import examples

ANGLAIS = re.compile(
    r"\b(Traceback|expected|should|invalid|Input|valid|found|could not|error|while|mapping|value "
    r"is)\b"
)


def problems(text: str, folder: Path, name: str = "fichier.yaml") -> list[str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DlaDocsError) as refused:
        load(path)
    return [str(constat).replace(str(folder), "") for constat in refused.value.constats]


def test_every_problem_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    said = problems(
        "document: mission\nnature: colective\nstructures:\n  - {nom: A, siret: "
        "123}\ndocuments:\n  cahier_des_charges:\n    date: 31/02/2013\n"
        "    objectifs: {generale: x}\n  grile_de_suivi: {}\n",
        tmp_path,
    )
    assert len(said) == 5
    assert all(any(f"ligne {line} " in sentence for sentence in said) for line in (2, 4, 7, 8, 9))
    assert any("« generale »" in sentence and "« general »" in sentence for sentence in said)
    assert any("grille_de_suivi" in sentence for sentence in said)


def test_scalars_keep_what_people_wrote(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(
        "document: mission\nstructures:\n  - {nom: oui, adresse: {code_postal: 04000}, siret: 000 "
        "000 042 00010}\n",
        encoding="utf-8",
    )
    mission = load(path)
    assert isinstance(mission, Mission)
    assert (
        mission.structures[0].nom,
        mission.structures[0].adresse.code_postal,
        mission.structures[0].siret,
    ) == ("oui", "04000", "00000004200010")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "document"),
        ("a: b\n", "« document » manque"),
        ("document: cahier_des_charge\n", "cahier_des_charges"),
        ("document: mission\ndocuments: rien\n", "documents"),
        ("document: mission\ndocuments:\n  cahier_des_charges: rien\n", "cahier_des_charges"),
        ("document: mission\nnom: a\nnom: b\n", "nom"),
        ("document: [mission]\n", "document"),
        ("- une liste\n", "clé"),
        ("document: grille_de_suivi\nstade: finale\n", "vierge, previsionnel, en_cours, final"),
        (
            "document: grille_de_suivi\netapes: [{cle: e1, intitule: a}, {cle: e1, intitule: b}]\n",
            "« e1 »",
        ),
        ("document: mission\noperateur: ../../secret.yaml\n", "secret.yaml"),
        ("document: mission\noperateur: absent.yaml\n", "absent.yaml"),
        ("document: mission\nprofil: ../profil.yaml\n", "un fichier de ce dossier"),
        ("document: cahier_des_charges\nprofil: /etc/profil.yaml\n", "un fichier de ce dossier"),
        ('document: cahier_des_charges\nreference: "a\\u0001b"\n', "U+0001"),
    ],
)
def test_each_mistake_has_its_own_sentence(text: str, said: str, tmp_path: Path) -> None:
    sentences = problems(text, tmp_path)
    assert any(said in sentence for sentence in sentences), sentences
    assert not any(ANGLAIS.search(sentence) for sentence in sentences), sentences


def test_rows_may_be_given_by_key_in_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "g.yaml"
    path.write_text(
        "document: grille_de_suivi\netapes:\n  e1: {intitule: A}\n  e2: {intitule: B}\n",
        encoding="utf-8",
    )
    assert [(step.cle, step.intitule) for step in load(path).etapes] == [("e1", "A"), ("e2", "B")]  # type: ignore[attr-defined]  # the kind is known


def test_a_header_mistake_is_said_once(tmp_path: Path) -> None:
    said = problems(
        "document: mission\nstructures: [{siret: 12}]\ndocuments: {cahier_des_charges: {}, "
        "grille_de_suivi: {}}\n",
        tmp_path,
    )
    assert len(said) == 1


@examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_brings_a_traceback_or_a_word_of_english(
    data: st.DataObject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = data.draw(st.sampled_from(["cahier_des_charges", "grille_de_suivi", "proposition"]))
    text = sample_path(name).read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 12))
        text = text[:start] + data.draw(st.text(max_size=6)) + text[end:]
    path = tmp_path / "abime.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert run(["verifier", str(path)]) in (0, 1, 2)
    captured = capsys.readouterr()
    assert not re.search(
        r"Traceback|Défaut de dla-docs|Input should|while (scanning|parsing)|validation error",
        captured.out + captured.err,
    )


SIGNS = " \t\n\r:#&*!|>-?%@\"'{}[],\\aé~\x7f\x85\xa0\u2028\u2029\u200b\ufeff"
TEXTS = st.text(st.sampled_from(SIGNS), max_size=12) | st.text(max_size=12)


@given(TEXTS, TEXTS)
def test_any_text_that_a_model_accepts_is_written_and_read_again(short: str, long: str) -> None:
    said = {"reference": short, "message": long, "extrait": [{"critere": long}]}
    try:
        document = NotificationDeChoix.model_validate(said)
    except ValidationError:  # a control character
        return
    again = load_text(to_yaml(document), Path("f.yaml"))
    assert again.model_dump() == document.model_dump()


ETAPES_DE = "document: mission\ndocuments:\n  proposition:\n    etapes:\n"
ECRITES = "    - {cle: e1, intitule: Un}\n    - {cle: e2, intitule: Deux}\n"
SUIVI = "  grille_de_suivi:\n    etapes:\n"
SANS_CLE = {  # what stands above the rows without a key, and what stands under
    "où elles sont écrites": (ETAPES_DE, ECRITES),
    "où elles sont reprises": (ETAPES_DE + ECRITES + SUIVI, ECRITES),
}


@pytest.mark.parametrize("place", SANS_CLE)
def test_a_row_without_a_key_set_before_others_is_named_and_its_remedy_works(
    place: str, tmp_path: Path
) -> None:
    above, under = SANS_CLE[place]
    path = tmp_path / "mission.yaml"
    path.write_text(f"{above}    - intitule: A\n    - intitule: B\n{under}", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load(path)
    said = "\n".join(map(str, raised.value.constats)).casefold()
    for rank, owner in ((1, 3), (2, 4)):
        assert f"la ligne {rank}, sans clé, prend de son rang « e{rank} », que la ligne" in said
        assert f"que la ligne {owner} écrit" in said
    keyed = "    - {cle: e1_bis, intitule: A}\n    - {cle: e2_bis, intitule: B}\n"
    assert "« cle: e1_bis »" in said and "« cle: e2_bis »" in said
    path.write_text(f"{above}{keyed}{under}", encoding="utf-8")
    held = load(path)
    assert isinstance(held, Mission)
    last = next(reversed(held.documents.values()))[0]
    keys = [row.cle for row in last.etapes]  # type: ignore[attr-defined]  # the kind is known
    assert sorted(keys) == ["e1", "e1_bis", "e2", "e2_bis"]

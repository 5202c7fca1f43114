"""dla-docs, comme un vrai processus : tuyaux, codages, interruptions, et ce qu'il charge pour une
simple aide.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import long

ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(not Path("/dev/full").exists(), reason="demande /dev/full")


def start(
    *words: str, env: dict[str, str] | None = None, module: str = "dla_docs", **settings: Any
) -> subprocess.Popen[bytes]:
    """Le programme lancé, sorties en tuyau."""
    pipes: dict[str, Any] = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "stdin": subprocess.DEVNULL,
    } | settings
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"FORCE_COLOR", "PYTHONUTF8", "PYTHONIOENCODING", "DLA_DOCS_TRACE"}
    }
    return subprocess.Popen(
        [sys.executable, "-m", module, *words],
        env=kept | {"PYTHONPATH": str(ROOT)} | (env or {}),
        **pipes,
    )


def said(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    """Le code et ce qui a été écrit, lu comme de l'UTF-8."""
    try:
        out, err = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, (out or b"").decode(), (err or b"").decode()


@pytest.mark.parametrize("module", ["dla_docs", "dla_docs.cli"])
def test_le_programme_se_lance_par_son_module(module: str) -> None:
    code, out, err = said(start("documents", module=module))
    assert (code, err) == (0, "") and "cahier_des_charges" in out


def test_un_processus_qui_finit_ne_cherche_pas_de_cycles() -> None:
    program = (
        "import atexit, gc, sys\n"
        "from dla_docs.cli import main\n"
        "atexit.register(lambda: print(len(gc.get_objects()), file=sys.stderr))\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "documents"], cwd=ROOT, capture_output=True, check=True
    )
    assert int(done.stderr) < 100  # what he would go through: not the hundred thousand he holds


def test_le_code_de_sortie_est_celui_du_processus(tmp_path: Path) -> None:
    code, out, err = said(start("verifier", "absent.yaml", cwd=tmp_path))
    assert (code, out) == (
        2,
        "",
    ) and err == "ERREUR absent.yaml : Ce fichier n'existe pas. Vérifiez le nom et le dossier.\n"


@pytest.mark.parametrize("encoding", ["cp1252", *map(long, ("ascii", "cp850", "latin-1"))])
def test_dans_un_tuyau_tout_est_en_utf_8(encoding: str) -> None:
    code, out, err = said(
        start("montrer", "mission", env={"PYTHONIOENCODING": encoding, "LC_ALL": "C"})
    )
    assert (code, err) == (0, "") and "Décline" in out and "·" in out
    code, out, err = said(start("veriffier", env={"PYTHONIOENCODING": encoding, "LC_ALL": "C"}))
    assert code == 2 and "« veriffier »" in err


def test_un_lecteur_qui_s_en_va_ne_fait_rien_dire() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = start("exigences", stdout=writer)
    os.close(writer)
    code, _, err = said(process)
    assert (code, err) == (1, "")


@LINUX
def test_une_sortie_pleine_est_dite() -> None:
    with open("/dev/full", "wb") as full:
        code, _, err = said(start("exigences", stdout=full))
    assert code == 2 and "le disque est plein" in err and "Traceback" not in err
    with open("/dev/full", "wb") as full:
        assert said(start("veriffier", stderr=full))[0] == 2


@LINUX
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_une_sortie_que_le_disque_ne_prend_qu_en_partie_est_dite(
    unbuffered: str, tmp_path: Path
) -> None:
    import resource

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    with open(tmp_path / "x.json", "wb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "dla_docs", "schema", "mission"],
            stdout=file,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            preexec_fn=little_room,
            check=False,
        )
    assert done.returncode == 2 and "écriture impossible" in done.stderr.decode()


@pytest.mark.parametrize(
    "streams",
    [
        "sys.stdout = None",
        "sys.stderr = None",
        "sys.stdout = sys.stderr = None",
        "sys.stdout.close()",
    ],
)
def test_des_sorties_fermees_ne_font_pas_tomber_le_programme(streams: str) -> None:
    code = (
        f"import sys; {streams}; from dla_docs.cli import main; sys.argv = ['dla-docs', "
        f"'veriffier']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert done.returncode == 2 and b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C ne s'y envoie pas de cette façon")
def test_ctrl_c_arrete_sans_trace(tmp_path: Path) -> None:
    import signal

    held = while_judging("import time, pathlib; pathlib.Path('pret').touch(); time.sleep(60)")
    # A test run in the background inherits an ignored SIGINT; a person at a terminal does not.
    process = subprocess.Popen(
        [sys.executable, "-c", held, str(ROOT / "samples" / "cahier_des_charges.yaml")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not (tmp_path / "pret").exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    code, out, err = said(process)
    assert (code, out) == (
        2,
        "",
    ) and err == "ERREUR Interrompu ; les fichiers déjà écrits sont entiers.\n"


def loaded_by(*arguments: object) -> set[str]:
    """Les modules qu'une commande a chargés, dans un processus à elle."""
    code = (
        f"import sys; from dla_docs.cli.application import run; run({[*map(str, arguments)]!r}); "
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=120,
        check=True,
    )
    return set(done.stdout.decode().splitlines()[-1].split())


def test_l_aide_ne_charge_ni_modele_ni_word_ni_tableur() -> None:
    heavy = {"jinja2", "lxml", "docx", "babel", "pikepdf", "yaml", "dla_docs.model.document"}
    assert not heavy & loaded_by("produire", "--help")


def test_verifier_un_document_seul_ne_charge_ni_mission_ni_word() -> None:
    sample = ROOT / "samples" / "proposition.yaml"
    heavy = {"dla_docs.mission.mission", "dla_docs.stages.evidence", "jinja2", "lxml"}
    assert not heavy & loaded_by("verifier", sample)


@pytest.mark.lent
def test_un_dossier_ne_charge_ni_formulaire_ni_pdf_ni_retouche(tmp_path: Path) -> None:
    """Rien n'y est rempli, ni retouché : ce qui relit une page ne sert pas."""
    sample = ROOT / "samples" / "mission_individuelle.yaml"
    heavy = {
        "dla_docs.forms.reader",
        "dla_docs.pdf",
        "dla_docs.retouches.work",
        "phonenumbers",
        "urllib.request",
    }
    assert not heavy & loaded_by("dossier", sample, "-o", tmp_path / "dossier")


def test_les_avertissements_des_bibliotheques_ne_paraissent_pas(tmp_path: Path) -> None:
    noisy = while_judging(
        "import logging, pathlib, warnings; warnings.warn('noise'); "
        "logging.getLogger('pikepdf').warning('noise'); pathlib.Path('dit').touch()"
    )
    sample = str(ROOT / "samples" / "cahier_des_charges.yaml")
    done = subprocess.run(
        [sys.executable, "-c", noisy, sample],
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert (done.returncode, done.stdout.decode().strip(), done.stderr) == (0, "Conforme.", b"")
    assert (tmp_path / "dit").exists()


def while_judging(action: str) -> str:
    """Un programme qui vérifie le fichier qu'on lui donne, et fait cela pendant qu'il le juge."""
    return (
        "import sys; from dla_docs.stages import verdict as stage\n"
        "judge = stage.verdict\n"
        f"def verdict(*given):\n    {action}\n    return judge(*given)\n"
        "stage.verdict = verdict\n"
        "from dla_docs.cli import main; sys.argv = ['dla-docs', 'verifier', sys.argv[1]]; main()"
    )

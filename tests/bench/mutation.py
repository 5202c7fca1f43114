"""Ce que les essais voient d'une faute : des mutants tirés au sort dans six pièces, chacun donné
aux essais de la pièce qui passent par sa ligne, dans une copie du dépôt. Un mutant qu'aucun
n'arrête montre un trou, ou un code qui ne sert à rien.

    make mutation                             # tout, et sa part de docs/fiabilite.md
    python -m tests.bench.mutation verdict    # une pièce, dite à l'écran
    python -m tests.bench.mutation --graine 2 --nombre 150 --processus 1

Arrêté, il se reprend : ce qui est trouvé est dans build/mutation/. Un mutant tué le reste tant que
son module ne change pas ; un survivant est repris quand un essai de sa pièce a changé.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.bench.fiabilite import write_part
from tests.bench.greffe import IMPOSSIBLE, TROP_LONG, TUE
from tests.bench.mutants import Mutant, mutants_of, sample
from tests.bench.resultats import known
from tests.bench.survivants import page, rows, told
from tests.docs.pages import ROOT
from tests.docs.trees import copy_of_the_tree

PLACE = ROOT / "build" / "mutation"
GRAINE, NOMBRE = 1, 40


@dataclass(frozen=True)
class Piece:
    """Des modules, ce que l'un d'eux contient pour en être, et les essais qui les gardent ; de ceux
    qui sont marqués ``lent``, aucun ne compte, sinon ceux qui commencent ainsi.
    """

    modules: Sequence[str]
    essais: Sequence[str]
    tenant: str = ""
    lents: Sequence[str] = ()

    def files(self) -> list[str]:
        return [
            one
            for one in _found(self.modules)
            if self.tenant in (ROOT / one).read_text(encoding="utf-8")
        ]

    def tests(self) -> list[str]:
        return _found(self.essais)


PIECES = {
    "règles": Piece(
        ["dla_docs/mission/*.py", "dla_docs/parties/*.py", "dla_docs/documents/*.py"],
        [
            "tests/documents/test_*.py",
            "tests/test_cas.py",
            "tests/test_contradictions.py",
            "tests/test_deux_retenus.py",
            "tests/test_justesse.py",
            "tests/test_prestataires.py",
            "tests/test_processus.py",
            "tests/test_verdicts.py",
        ],
        tenant="@regle(",
    ),
    "verdict": Piece(
        [f"dla_docs/stages/{one}.py" for one in ("verdict", "ledger", "unchecked", "wording")],
        [
            "tests/cli/test_conformite.py",
            "tests/documents/test_*.py",
            "tests/test_cas.py",
            "tests/test_exigences.py",
            "tests/test_messages.py",
            "tests/test_profils.py",
            "tests/test_verdicts.py",
        ],
    ),
    "report": Piece(
        ["dla_docs/writing_back/*.py"],
        [
            "tests/formulaire/test_annuler.py",
            "tests/formulaire/test_coupures.py",
            "tests/formulaire/test_de_qui.py",
            "tests/formulaire/test_ecriture.py",
            "tests/formulaire/test_faits_qui_montent.py",
            "tests/formulaire/test_fiches_sans_cle.py",
            "tests/formulaire/test_lignes_videes.py",
            "tests/formulaire/test_mission.py",
            "tests/formulaire/test_nouvelle_fiche.py",
            "tests/formulaire/test_participants.py",
            "tests/formulaire/test_premieres_reponses.py",
            "tests/formulaire/test_preuve.py",
            "tests/formulaire/test_retour.py",
            "tests/formulaire/test_retours.py",
            "tests/formulaire/test_saisie.py",
            "tests/formulaire/test_yaml_de_gens.py",
        ],
        lents=[
            "tests/formulaire/test_ecriture.py::test_une_reponse_",
            *(
                f"tests/formulaire/test_ecriture.py::test_{one}"
                for one in ("un_seul_", "plusieurs_")
            ),
        ],
    ),
    "contrôle": Piece(
        [
            "dla_docs/stages/lost_values.py",
            "dla_docs/stages/quick_verification.py",
            "dla_docs/stages/surroundings.py",
            "dla_docs/stages/verification.py",
            "dla_docs/word/soundness.py",
        ],
        [
            "tests/test_quick_verification.py",
            "tests/test_soundness.py",
            "tests/test_verification.py",
        ],
    ),
    "moteur": Piece(
        ["dla_docs/templating/*.py"],
        ["tests/templating/test_[!df]*.py", "tests/test_charte.py"],
    ),
    "journal": Piece(
        ["dla_docs/lot/journal.py", "dla_docs/lot/folder.py", "dla_docs/lot/running.py"],
        ["tests/lot/test_*.py", "tests/cli/test_lots.py"],
    ),
}


def _found(patterns: Iterable[str]) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for one in patterns for path in ROOT.glob(one))


@dataclass(frozen=True)
class Essai:
    """Les mutants d'une pièce, par nom, et combien d'endroits y peuvent muter."""

    titre: str
    mutants: dict[str, Mutant]
    endroits: int

    @property
    def resultats(self) -> Path:
        return PLACE / f"{self.titre}.jsonl"

    def sorts(self) -> dict[str, dict[str, Any]]:
        """Ce qui en est trouvé ; celui qui ne se greffe pas n'est pas compté."""
        done = known(self.resultats)
        found = {name: done[name] for name in self.mutants if name in done}
        return {name: said for name, said in found.items() if said["sort"] != IMPOSSIBLE}

    def survivants(self) -> dict[str, Mutant]:
        return {
            name: self.mutants[name]
            for name, said in self.sorts().items()
            if said["sort"] not in (TUE, TROP_LONG)
        }


def drawn(titre: str, graine: int, nombre: int, found: bool = False) -> Essai:
    """Les mutants tirés dans une pièce ; ``found`` : ceux qui sont déjà passés."""
    done = known(PLACE / f"{titre}.jsonl")
    kept = (lambda one: _name(one) in done) if found else _is_another
    mutants = [one for file in PIECES[titre].files() for one in mutants_of(ROOT, file)]
    chosen = sample(mutants, graine, nombre, kept)
    return Essai(
        titre,
        {_name(one): one for one in chosen},
        len({(one.module, one.span) for one in mutants}),
    )


def _is_another(mutant: Mutant) -> bool:
    before = ast.parse((ROOT / mutant.module).read_text(encoding="utf-8"))
    try:
        return ast.dump(ast.parse(mutant.source(ROOT))) != ast.dump(before)
    except SyntaxError:
        return False


def _name(mutant: Mutant) -> str:
    code = (ROOT / mutant.module).read_bytes()
    place = f"{mutant.module}:{mutant.span[0][0]}:{mutant.span[0][1]}"
    return f"{place} {mutant.kind} {sha256(code).hexdigest()[:8]}"


def run(essai: Essai, processus: int) -> None:
    """Passe ce qui ne l'est pas encore."""
    PLACE.mkdir(parents=True, exist_ok=True)
    tests = PIECES[essai.titre].tests()
    said = "".join((ROOT / one).read_text(encoding="utf-8") for one in tests)
    said += " ".join(PIECES[essai.titre].lents)
    _forget_survivors(essai.resultats, sha256(said.encode()).hexdigest()[:8])
    done = known(essai.resultats)
    todo = [name for name in essai.mutants if name not in done]
    if todo:
        _work(essai, [[]])  # which lines each test goes through, once for all processes
        _work(essai, [todo[rank::processus] for rank in range(processus)])
    with essai.resultats.open("a", encoding="utf-8") as file:
        file.write(f"\n{json.dumps(['essais', sha256(said.encode()).hexdigest()[:8]])}\n")


def _forget_survivors(resultats: Path, essais: str) -> None:
    done = known(resultats)
    if done.pop("essais", essais) != essais:
        lines = [
            json.dumps([name, said], ensure_ascii=False)
            for name, said in done.items()
            if said["sort"] in (TUE, TROP_LONG)
        ]
        resultats.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _work(essai: Essai, shares: list[list[str]]) -> None:
    trees = [_tree(rank) for rank in range(len(shares))]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.greffe", str(_job(essai, share, tree))],
            cwd=tree,
            env=os.environ | {"PYTHONPATH": str(tree)},
            stdout=subprocess.DEVNULL,
        )
        for share, tree in zip(shares, trees, strict=True)
    ]
    for one in runs:
        one.wait()


def _tree(rank: int) -> Path:
    tree = PLACE / f"depot-{rank}"
    shutil.rmtree(tree, ignore_errors=True)
    return copy_of_the_tree(tree)


def _job(essai: Essai, names: list[str], tree: Path) -> Path:
    path, piece = tree.with_suffix(".json"), PIECES[essai.titre]
    mutants = {name: essai.mutants[name] for name in names}
    said = {
        "mutants": {
            name: {"module": one.module, "line": one.span[0][0], "source": one.source(ROOT)}
            for name, one in mutants.items()
        },
        "modules": piece.files(),
        "essais": piece.tests(),
        "lents": list(piece.lents),
        "resultats": str(essai.resultats),
        "passages": str(PLACE / f"{essai.titre}.passages.jsonl"),
        "brouillon": str(tree.with_suffix(".brouillon")),
    }
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Passe les pièces demandées ; toutes passées, ou avec ``--page``, écrit la page."""
    asked = _asked(arguments)
    essais: list[Essai] = []
    for titre in asked.pieces or PIECES:
        essai = drawn(titre, asked.graine, asked.nombre, asked.page)
        essais.append(essai)
        if not asked.page:
            run(essai, asked.processus)
        for row in rows([essai]):
            print(f"| {' | '.join(row)} |", flush=True)
        for name, mutant in essai.survivants().items():
            print(f"  {name.rsplit(' ', 2)[0]}  {told(mutant)}", flush=True)
    missing = sum(len(one.mutants.keys() - known(one.resultats).keys()) for one in essais)
    if missing and not asked.page:
        print(f"{missing} mutants n'ont pas pu être essayés : relancez la commande.")
        return 1
    if not asked.pieces:
        write_part("mutation", page(essais, asked.graine, asked.nombre))
    return 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mutation")
    parser.add_argument("pieces", nargs="*", help=f"{', '.join(PIECES)} ; sans rien, toutes")
    parser.add_argument("--graine", type=int, default=GRAINE, help="le tirage")
    parser.add_argument("--nombre", type=int, default=NOMBRE, help="les mutants par pièce")
    parser.add_argument("--processus", type=int, default=2, help="combien à la fois")
    parser.add_argument("--page", action="store_true", help="écrit ce qui est déjà trouvé")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.pieces) - PIECES.keys():
        parser.error(f"aucune pièce ne se nomme {', '.join(sorted(unknown))}.")
    return asked


if __name__ == "__main__":
    sys.exit(main())

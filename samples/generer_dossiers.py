"""Fait le dossier de chaque mission d'un dossier.

Usage : python generer_dossiers.py MISSIONS/ DOSSIERS/ [--pdf] [--processus NOMBRE]

MISSIONS/   le dossier des missions (.yaml, .json) et de ceux qu'il tient
DOSSIERS/   où les faire ; une seconde fois ne fait que ce qui manque ou a changé
--pdf       produit aussi chaque document en PDF
--processus combien de missions sont faites à la fois

Rend 0 quand tout est fait, 1 quand une mission a échoué, 2 quand rien n'a pu être fait.
"""

import sys

from dla_docs import DlaDocsError, make_dossiers


def main(words: list[str]) -> int:
    pdf = "--pdf" in words
    rest = [word for word in words if word != "--pdf"]
    processes = "1"
    if "--processus" in rest[:-1]:
        place = rest.index("--processus")
        processes = rest[place + 1]
        del rest[place : place + 2]
    if len(rest) != 2 or not processes.isdecimal() or any(word.startswith("-") for word in rest):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return make_all(rest[0], rest[1], pdf, int(processes))
    except DlaDocsError as error:  # the disk is full, too: what is done stays done
        print(error, file=sys.stderr)
        return 2


def make_all(missions: str, folder: str, pdf: bool, processes: int) -> int:
    made = make_dossiers(missions, folder, pdf=pdf, processes=processes)
    total, whole, found, lacking = len(made.trouvees.missions), True, 0, 0
    print(f"Missions : {total} ; autres fichiers : {len(made.trouvees.autres)}")
    for path in made.trouvees.autres:
        print(f"    laissé : {path}{made.trouvees.remede(path)}")
    for rank, fait in enumerate(made, 1):
        whole, found = whole and fait.entier, found + (not fait.faute)
        lacking += bool(fait.refus)
        done = "fait en partie" if fait.refus else "déjà fait" if fait.deja_fait else "fait"
        said = "pas fait" if fait.faute else done
        print(f"{rank}/{total} {fait.fichier} : {said}", flush=True)
        refused = [constat for _, constats in fait.refus for constat in constats]
        for constat in (*fait.faute, *refused, *fait.constats):
            print(f"    {constat}")
    partly = f" dont {lacking} en partie" if lacking else ""
    print(f"Dossiers dans {folder} : {found}{partly} ; missions refusées : {total - found}")
    return 0 if whole else 1 if found else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

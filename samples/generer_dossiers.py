"""Fait le dossier de chaque mission d'un dossier :
python generer_dossiers.py MISSIONS/ DOSSIERS/"""

import sys
from pathlib import Path

from dla_docs import DlaDocsError, make_dossier

missions, dossiers = map(Path, sys.argv[1:3])
for mission in sorted(missions.glob("mission_*.yaml")):
    try:
        dossier = make_dossier(mission, dossiers / mission.stem)
        print(f"{mission.name} : {len(dossier.fichiers)} documents, {len(dossier.refus)} refusé(s)")
    except DlaDocsError as error:
        print(f"{mission.name} : {error}")

"""L'outil fait ce qu'il promet, sur l'exemple que dla_docs livre."""

import pickle
import shutil
import tempfile
import unittest
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from outil_tiers import atelier

import dla_docs
from dla_docs import DlaDocsError, InputError

# In the wheel the samples travel inside the package; in a checkout, beside it.
PACKAGE = Path(dla_docs.__file__).parent
SAMPLES = next(one for one in (PACKAGE / "samples", PACKAGE.parent / "samples") if one.is_dir())
AVANT = "Le trésorier, absent en septembre"
APRES = "Le trésorier, rencontré le 30 septembre"


def repondu(formulaire: bytes) -> bytes:
    """Le formulaire tel que le prestataire le renvoie : une réponse changée, le reste intact."""
    rendu = BytesIO()
    with ZipFile(BytesIO(formulaire)) as avant, ZipFile(rendu, "w") as apres:
        for nom in avant.namelist():
            octets = avant.read(nom)
            if nom == "word/document.xml":
                octets = octets.replace(AVANT.encode(), APRES.encode())
            apres.writestr(nom, octets)
    return rendu.getvalue()


class AtelierTest(unittest.TestCase):
    """Chaque essai a sa copie de l'exemple."""

    def setUp(self) -> None:
        lieu = tempfile.TemporaryDirectory()
        self.addCleanup(lieu.cleanup)
        self.dossier = Path(lieu.name)
        for nom in ("mission_individuelle.yaml", "operateur.yaml"):
            shutil.copy(SAMPLES / nom, self.dossier / nom)
        for nom in ("prestataires", "logos"):
            shutil.copytree(SAMPLES / nom, self.dossier / nom)
        self.fichier = self.dossier / "mission_individuelle.yaml"

    def test_la_mission_d_exemple_est_conforme(self) -> None:
        self.assertEqual(atelier.manques(atelier.charger(self.fichier), "centre"), [])

    def test_un_document_se_redige(self) -> None:
        octets = atelier.rediger(atelier.charger(self.fichier), "cahier_des_charges")
        with ZipFile(BytesIO(octets)) as word:
            self.assertIn("CAHIER DES CHARGES", word.read("word/document.xml").decode().upper())

    def test_une_reponse_revient_dans_la_mission(self) -> None:
        formulaire = self.dossier / "suivi.docx"
        formulaire.write_bytes(
            repondu(atelier.envoyer(atelier.charger(self.fichier), "grille_de_suivi"))
        )
        [change] = atelier.reprendre(formulaire, self.fichier)
        self.assertEqual(change.chemin, "etapes[0].commentaires")
        self.assertIn(APRES, self.fichier.read_text(encoding="utf-8").replace("\n", " "))

    def test_une_ligne_fautive_n_arrete_pas_les_autres(self) -> None:
        bonne = {"prestataire.nom": "Cabinet Delta Exemple", "mise_a_jour": "14/01/2013"}
        lignes = [bonne, {**bonne, "mise_a_jour": "31/02/2013"}]
        [(_, raison)] = atelier.produire(lignes, "fiche_prestataire", self.dossier / "lot").items()
        self.assertIn("31/02/2013", raison)

    def test_une_erreur_traverse_les_processus_avec_ses_constats(self) -> None:
        self.fichier.write_text("document: mision\n", encoding="utf-8")
        with self.assertRaises(InputError) as lue:
            atelier.charger(self.fichier)
        arrivee = pickle.loads(pickle.dumps(lue.exception))
        self.assertIsInstance(arrivee, DlaDocsError)
        self.assertEqual(arrivee.constats, lue.exception.constats)
        self.assertIn("Vouliez-vous dire « mission » ?", str(arrivee))

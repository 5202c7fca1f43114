"""Le portefeuille régional de ressources : les fiches des prestataires, où l'on cherche une
compétence, un secteur ou un territoire.

::

    from dla_docs import Portefeuille

    portefeuille = Portefeuille.load("prestataires.xlsx")
    for fiche in portefeuille.search(competence="comptabilité", zone="Loiret"):
        print(fiche.prestataire.nom)
    for constat in portefeuille.check(profil="centre"):
        print(constat)
"""

from dla_docs.portefeuille.portefeuille import Portefeuille

__all__ = ["Portefeuille"]

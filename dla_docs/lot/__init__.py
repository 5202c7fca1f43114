"""Un lot : un document par ligne d'un tableau.

L'ordre des modules est celui du chemin : ``rows`` (les lignes, d'où qu'elles viennent),
``row_sheets`` (celles d'une autre feuille), ``file_names`` (le nom de chaque fichier), ``journal``
et ``entries`` (ce qui est déjà fait), ``recipe`` (ce que toutes les lignes partagent), ``making``
(un groupe de documents, fait là où l'on veut), ``retouched`` (ce qu'une main a fait de celui qui
est à sa place), ``siblings`` (de quelle ligne il est, quand plusieurs se ressemblent), ``workers``
(qui les fait), ``failures`` (les lignes à corriger), ``refusing`` (ce qui n'a coûté qu'une ligne),
``running`` (le tout). ``folder`` est le dossier rempli, ``result`` ce que chaque ligne a donné,
``empty_table`` le tableau à remplir, ``examination`` le verdict de chaque ligne sans rien écrire.
"""

from dla_docs.lot.empty_table import blank_table
from dla_docs.lot.examination import Examen, examine
from dla_docs.lot.result import Resultat
from dla_docs.lot.running import Lot, batch

__all__ = ["Examen", "Lot", "Resultat", "batch", "blank_table", "examine"]

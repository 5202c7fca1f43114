"""Ce qui ne peut se suivre que dans un ordre : un début et sa fin, un plus petit nombre et un plus
grand. Le contraire est une contradiction, qu'un guide en parle ou non.
"""

from __future__ import annotations

from typing import Any

from dla_docs.model.bloc import Bloc, attribute_at
from dla_docs.model.fields import regle
from dla_docs.model.requirement import Exigence


def dans_l_ordre(
    phrase: str,
    premier: str,
    second: str,
    *exigences: Exigence,
    conseil: str = "Vérifiez les deux dates.",
) -> Any:
    """La règle que ``premier`` ne dépasse pas ``second``, deux chemins du document : ``phrase`` est
    son message, dit au second. Tant que l'un des deux est vide, elle se tait.
    """

    def ordered(document: Bloc) -> bool:
        low, high = attribute_at(document, premier), attribute_at(document, second)
        return low is None or high is None or bool(low <= high)

    first, last = (path.rpartition(".")[2] for path in (premier, second))
    ordered.__name__, ordered.__doc__ = f"{last}_apres_{first}", phrase
    return regle(*exigences, porte_sur=second, conseil=conseil, partout=True)(ordered)

"""Ce qui revient : de quelle mission est un formulaire, ce que plusieurs disent d'un même document,
et ce qui en est pris.
"""

from dla_docs.returns.merging import Reunion, reunir, reunir_par_fiche

__all__ = ["Reunion", "reunir", "reunir_par_fiche"]

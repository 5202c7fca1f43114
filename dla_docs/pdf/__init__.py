"""LibreOffice et le PDF : convertir un document Word, y joindre ses données, les relire.

L'ordre des modules est celui du chemin : ``office`` (trouver LibreOffice), ``accessibility`` (ce que le document permet de promettre),
``profile`` et ``process`` (le faire tourner sous surveillance), ``result`` et ``attachment`` (ce qu'il a rendu), ``export`` (le tout).
"""

from dla_docs.pdf.accessibility import accessibility
from dla_docs.pdf.attachment import ATTACHMENT, read_attachment
from dla_docs.pdf.export import convert, convert_many
from dla_docs.pdf.office import OFFICE_VARIABLE, Office, find_office

__all__ = ["ATTACHMENT", "OFFICE_VARIABLE", "Office", "accessibility", "convert", "convert_many", "find_office", "read_attachment"]

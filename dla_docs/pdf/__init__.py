"""LibreOffice et le PDF : convertir un document Word, y joindre ses données, les relire.

L'ordre des modules est celui du chemin : ``office`` (trouver LibreOffice), ``accessibility`` (ce
que le document permet de promettre), ``settled_fields`` et ``contents`` (ce qu'il recalculerait
pour lui-même, la table des matières), ``own_folder``, ``office_settings``, ``enclosure``,
``process`` et ``conversion`` (le faire tourner, enclos et surveillé), ``result``, ``pages``,
``lost_words`` et ``stranded`` (ce qu'il a rendu, ce qu'il a perdu, les titres laissés seuls),
``structure`` et ``repeated`` (ce qu'il ne sait pas dire d'une page), ``attachment`` (les données),
``reading`` (le PDF de lecture, quand il manque), ``export`` (le tout), ``binding`` (plusieurs PDF
en un seul).

Pour un formulaire : ``fields``, ``layout``, ``field_names``, ``font`` et ``appearance`` (poser les
champs), ``opening``, ``answers`` et ``annotations`` (relire les réponses, et ce qui est posé à
côté).
"""

from dla_docs.pdf.accessibility import accessibility
from dla_docs.pdf.annotations import Added, added_to
from dla_docs.pdf.answers import holds_only_pictures, read_fields
from dla_docs.pdf.appearance import LEADING, lines_of
from dla_docs.pdf.attachment import ATTACHMENT, read_attachment
from dla_docs.pdf.binding import bound, norms_of
from dla_docs.pdf.export import convert, convert_many, with_fields
from dla_docs.pdf.fields import Field, LostFieldsError, alias, colour
from dla_docs.pdf.office import OFFICE_VARIABLE, Office, find_office
from dla_docs.pdf.pages import picture
from dla_docs.pdf.reading import NOTE, is_for_reading, reads_only

__all__ = [
    "ATTACHMENT",
    "LEADING",
    "NOTE",
    "OFFICE_VARIABLE",
    "Added",
    "Field",
    "LostFieldsError",
    "Office",
    "accessibility",
    "added_to",
    "alias",
    "bound",
    "colour",
    "convert",
    "convert_many",
    "find_office",
    "holds_only_pictures",
    "is_for_reading",
    "lines_of",
    "norms_of",
    "picture",
    "read_attachment",
    "read_fields",
    "reads_only",
    "with_fields",
]

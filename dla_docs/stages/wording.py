"""Les mots d'un constat : ce qui est absent, ce qui se contredit, et le remède quand le champ n'en
dit pas.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping

from dla_docs.model.fields import Attendu, Condition
from dla_docs.model.node import Kind
from dla_docs.model.requirement import Exigence, Force
from dla_docs.profils.profil import Profil
from dla_docs.stages.ledger import CASE

ADVICE = {
    Kind.LEAF: "Remplissez ce champ.",
    Kind.PART: "Remplissez cette partie.",
    Kind.ROWS: "Ajoutez au moins une ligne.",
    Kind.NOTE: "",
}


NOTHING = re.compile(
    r"(?:[\s.…?_/*–—-]+|x{2,5}|tbd|[aà] (?:remplir|compl[eé]ter|renseigner)(?: : .*)?)",
    re.IGNORECASE,
)  # what is typed to come back to it later


def says_nothing(value: str) -> bool:
    """Vrai d'un texte qui tient la place d'une réponse : « … », « ? », « à compléter »."""
    return NOTHING.fullmatch(value.strip()) is not None


def absence(
    label: str, asked: Mapping[Exigence, Force], profil: Profil, told: str = "absent"
) -> str:
    """Ce que dit le constat d'un champ vide, ou rempli de rien."""
    return f"{label.rstrip(' :')} : contenu {_word(asked, profil)} {told}"


def awaited(
    step: Attendu, asked: Mapping[Exigence, Force], profil: Profil, prestataire: str = ""
) -> str:
    """Ce que dit le constat d'une étape du processus que la mission ne montre pas, de l'un de ses
    prestataires ou d'aucun.
    """
    whose = f" ({prestataire})" if prestataire else ""
    word = _word(asked, profil)
    return f"{step.quoi}{whose} : contenu {word} absent, attendu dès que {step.des.phrase}"


def breach(sentence: str, asked: bool) -> str:
    """Ce que dit le constat d'une règle, qu'un guide la demande ou non."""
    return f"{'Règle non respectée' if asked else 'À vérifier'} : {sentence.rstrip('.')}"


def _word(asked: Mapping[Exigence, Force], profil: Profil) -> str:
    present = set(asked.values())
    if Force.OBLIGATOIRE in present:
        return "obligatoire"
    if Force.STRUCTURE not in present:
        return "recommandé"
    cited = next(one for one, force in asked.items() if force is Force.STRUCTURE)
    in_a_form = cited.nature != "processus" and profil.imprimee(cited)
    return "demandé par le formulaire" if in_a_form else "prévu par le guide"


def only_when(condition: Condition) -> str:
    """Dans quel cas seulement une exigence vaut, comme sa condition le dit."""
    said = inspect.cleandoc(condition.__doc__ or "").split("\n\n")[0].rstrip(".")
    return f"{CASE} : " + " ".join(f"{said[:1].lower()}{said[1:]}".split())

"""À qui un dossier est remis, et ce qu'il en voit : les documents que leur classe lui communique,
sans ce que leurs champs lui cachent. Aucune autre règle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.visibility import without
from dla_docs.mission import Mission
from dla_docs.mission.contenu import key_of
from dla_docs.model.document import Document
from dla_docs.model.fields import Champ
from dla_docs.model.recipients import PARTIES, PRESTATAIRES, Destinataire, DonneePersonnelle
from dla_docs.parties.acteurs import Prestataire
from dla_docs.parties.cloison import UN_AUTRE, UN_SOLLICITE, cited, personnes_tues, texts
from dla_docs.parties.identite import designes
from dla_docs.parties.ingenierie import Procedure
from dla_docs.parties.personnes import SEUIL
from dla_docs.parties.reconnaitre import Marque
from dla_docs.profils.profil import Profil
from dla_docs.registry import DOCUMENTS
from dla_docs.spelling import capitalised, did_you_mean, meant
from dla_docs.stages.evidence_page import lieu

MOTS = ("structure", "prestataire", "comite", "dla", "archive")
PRESTATAIRE, ARCHIVE = "prestataire", "archive"
BID = "proposition"


@dataclass(frozen=True)
class Remise:
    """Un destinataire ; ``cle`` et ``nom`` : du prestataire."""

    destinataire: Destinataire = Destinataire.ARCHIVE
    cle: str = ""
    nom: str = ""

    @property
    def entiere(self) -> bool:
        """Vrai de l'archive, à qui rien n'est caché."""
        return self.destinataire is Destinataire.ARCHIVE

    @property
    def phrase(self) -> str:
        """À qui, tel qu'une page le dit."""
        said = self.destinataire.phrase
        whole = capitalised(said)
        return f"{whole} : {self.nom}" if self.nom else whole

    @property
    def mot(self) -> str:
        """Ce qu'en garde le manifeste : « structure », « prestataire_retenu:alpha »."""
        return f"{self.destinataire}:{self.cle}" if self.cle else str(self.destinataire)

    @property
    def tape(self) -> str:
        """Tel qu'il se tape après ``--destinataire``."""
        return mot_tape(self.mot)

    def hides(self, declared: Champ, personal: DonneePersonnelle | None) -> bool:
        """Vrai d'un champ que ce destinataire ne lit pas."""
        if self.entiere:
            return False
        if self.destinataire.role in declared.cache_a:
            return True
        return personal is not None and self.destinataire not in personal.lue_par(
            declared.coordonnee
        )

    def receives(self, slug: str) -> bool:
        """Vrai d'une sorte de document que ce destinataire peut recevoir."""
        return self.entiere or self.destinataire in DOCUMENTS[slug].communique_a


@dataclass(frozen=True)
class Part:
    """Un document et ce que le destinataire en voit : ``vu`` est ``entier`` quand rien ne lui est
    caché.
    """

    entier: Document
    vu: Document
    tire_de: Document | None = None  # the one that speaks of several, when this is drawn from it

    @property
    def est_extrait(self) -> bool:
        """Vrai quand quelque chose n'y est pas communiqué."""
        return self.tire_de is not None or self.vu is not self.entier


def mot_tape(kept: str) -> str:
    """Le mot du manifeste, tel qu'il se tape : « prestataire:alpha »."""
    who, colon, cle = kept.partition(":")
    return f"{Destinataire(who).role if who in tuple(Destinataire) else who}{colon}{cle}"


def recipient_of(mission: Mission, said: str) -> Remise:
    """Le destinataire que dit un mot : « structure », « prestataire » (le retenu),
    « prestataire:CLE », « comite », « dla » ou « archive ». ``InputError`` quand ce n'en est pas
    un.
    """
    word, colon, who = said.strip().partition(":")
    word = word.strip().casefold()
    if word not in MOTS or (colon and word != PRESTATAIRE):
        raise InputError(
            Constat(
                f"Le destinataire « {said} » n'existe pas.",
                conseil=f"{did_you_mean(meant(word, MOTS))} Écrivez structure, prestataire:CLE, "
                "comite, dla ou archive.".strip(),
            )
        )
    if word != PRESTATAIRE:
        return Remise(Destinataire(word))
    cle = _key(mission, who.strip())
    chosen = cle in mission.retenus
    return Remise(
        Destinataire.RETENU if chosen else Destinataire.SOLLICITE, cle, mission.nom_de(cle)
    )


def _key(mission: Mission, who: str) -> str:
    known = mission.sollicites()
    found = designes(known, who) if who else list(mission.retenus)
    if len(found) == 1 and found[0] in known:
        return found[0]
    said = f"Le prestataire « {who} »" if who else "Le prestataire retenu"
    problem = "n'est aucun des sollicités" if not found else "peut être plusieurs d'entre eux"
    raise InputError(
        Constat(
            f"{said} {problem}.",
            conseil=f"{did_you_mean(meant(who, known))} Écrivez prestataire:CLE ; les clés sont : "
            f"{', '.join(found or known)}.".strip(),
        )
    )


def parts(mission: Mission, remise: Remise, seuil: int) -> Iterator[Part]:
    """Ce que ce destinataire reçoit, dans l'ordre du processus ; ``seuil`` : le nombre de fiches
    sous lequel leurs réponses désigneraient quelqu'un.
    """
    for slug, model in DOCUMENTS.items():
        held = mission.documents.get(slug, ())
        named = not remise.entiere and bool(model.anonymes) and len(held) < seuil
        if remise.receives(slug) and not named and _was_sent(model, mission, remise):
            found = (part_of(one, mission, remise) for one in held)
            yield from filter(None, found)


def _was_sent(model: type[Document], mission: Mission, remise: Remise) -> bool:
    """In a simplified procedure, one who is not chosen knows little: the diagnosis and the order go
    to whom the mission says they were sent.
    """
    held = mission.mise_en_concurrence
    little = model.du_dossier_complet and held.procedure is Procedure.SIMPLIFIEE
    if not little or remise.destinataire is not Destinataire.SOLLICITE:
        return True
    return any(row.cle == remise.cle and row.dossier_complet_le for row in held.sollicites)


def part_of(document: Document, mission: Mission, remise: Remise) -> Part | None:
    """Ce qu'un destinataire voit d'un document ; ``None`` quand il n'en reçoit rien."""
    if remise.destinataire not in PRESTATAIRES:
        return Part(document, without(document, remise.hides))
    if type(document).vu_par is Document.vu_par:
        theirs = _is_theirs(document, mission, remise)
        return Part(document, without(document, remise.hides)) if theirs else None
    if remise.cle not in [cle for _, cle, _ in document.prestataires_cites()]:
        return None
    own = document.part_de(remise.cle)
    return Part(own, without(own, remise.hides), document)


def _is_theirs(document: Document, mission: Mission, remise: Remise) -> bool:
    """Of that prestataire, of nobody, or common to those who are chosen."""
    who: Prestataire | None = getattr(document, "prestataire", None)
    if who is None or key_of(document):
        return who is None or key_of(document) == remise.cle
    common = remise.destinataire is Destinataire.RETENU and who.nom == mission.prestataire.nom
    if len(mission.retenus) > 1 and document.parle_d_un_seul(mission):
        common = False
    return common or who.nom == remise.nom


def check_cites_nobody(part: Part, mission: Mission, remise: Remise, profil: Profil) -> None:
    """``InputError`` quand un texte de cette part dirait à son destinataire ce qu'il n'a pas à
    lire : chaque constat dit où la mission l'écrit.
    """
    if part.tire_de is not None:
        found = part.tire_de.dits_des_autres(remise.cle)
    else:
        found = cited_others(texts(part.vu), mission, remise)
    if found:
        held = part.tire_de or part.entier
        raise InputError([_in_mission(one, held, mission, profil) for one in found])


def _in_mission(constat: Constat, document: Document, mission: Mission, profil: Profil) -> Constat:
    """Told from the mission: what all its documents take from its header is written there."""
    path, slug = constat.chemin, document.slug()
    said = dict(texts(mission)).get(path)
    if said is not None and said == dict(texts(document)).get(path):
        whole, (file, line) = path, mission.ecrit_a(path)
    else:
        alike = mission.documents.get(slug, ())
        ranks = [f"[{rank}]" for rank, one in enumerate(alike) if one is document]
        whole = f"documents.{slug}{ranks[0] if len(alike) > 1 and ranks else ''}.{path}"
        file, line = document.ecrit_a(path)
    place = f", dans « {lieu(whole, mission.slug(), profil)} » ({whole})."
    told = constat.message.replace(f" ({path}).", place)
    return replace(constat, message=told, chemin=whole, fichier=file, ligne=line)


def cited_others(
    said: Iterable[tuple[str, str]], mission: Mission, remise: Remise
) -> list[Constat]:
    """Ce que ces textes, chacun avec son chemin, diraient à ce destinataire de ce qu'il n'a pas à
    lire : une offre, qui l'a faite, à quel prix ; une personne, ou comment la joindre.
    """
    return cited(said, _untold(mission, remise), "Le document")


def _untold(mission: Mission, remise: Remise) -> dict[str, Marque]:
    """What no text says to him: the bids that he does not read, and, of one who is no party to the
    mission, what is declared of people for others.
    """
    if remise.entiere:
        return {}
    to, everyone = remise.destinataire, set(mission.sollicites())
    theirs = {remise.cle} if to in PRESTATAIRES else everyone if remise.receives(BID) else set()
    allies = theirs if to is Destinataire.SOLLICITE else theirs | {*mission.retenus}
    read = [] if to in PRESTATAIRES else [one.vu for one in parts(mission, remise, SEUIL)]
    who = UN_AUTRE if to in PRESTATAIRES else UN_SOLLICITE
    untold = mission.tus_a(theirs, allies, read, who) if theirs < everyone else {}
    if to in PARTIES or to in PRESTATAIRES:
        return untold
    held = (mission, *(one for rows in mission.documents.values() for one in rows))
    return personnes_tues(held, remise.hides, (*read, without(mission, remise.hides))) | untold

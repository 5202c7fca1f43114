"""Le courriel qui porte un formulaire : un brouillon, que la personne ouvre et envoie de son propre
programme. Il ne dit rien que le formulaire ne montre déjà à qui le reçoit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import Any

from dla_docs.mission import Mission
from dla_docs.model.formats import date_longue, telephone
from dla_docs.model.requirement import Role
from dla_docs.model.typography import typeset
from dla_docs.parties.acteurs import Operateur, Personne
from dla_docs.stages.form_head import BY, OURS, asked_of
from dla_docs.stages.request import Request

TYPES = {
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".pdf": ("application", "pdf"),
}
PROGRAMS = {".docx": "dans Word", ".pdf": "dans un lecteur de PDF"}


@dataclass(frozen=True)
class Courriel:
    """Un brouillon de courriel, et à qui il va ; vide quand son adresse n'est pas connue."""

    octets: bytes
    destinataire: str
    manque: str = ""


def draft(request: Request, name: str, octets: bytes, mission: Mission | None) -> Courriel:
    """Le brouillon qui porte un formulaire.

    ``request`` : ce que le formulaire demande, et à qui ; ``name``, ``octets`` : le fichier joint,
    .docx ou .pdf ; ``mission`` : là où sont les adresses. ``Courriel.manque`` dit pourquoi il est
    sans destinataire.
    """
    suffix = name[name.rindex(".") :].lower()
    found = list(_people(request, mission))
    reached = [person for person in found if person.courriel]
    to = _address(reached[0]) if len(found) == len(reached) == 1 else None
    dla = _operator(request, mission)
    message = EmailMessage(SMTP.clone(utf8=not _is_ascii(reached, dla)))
    message["X-Unsent"] = "1"  # Outlook opens it as a draft, and not as a mail received
    if to is not None:
        message["To"] = to
    if request.role not in OURS and (sender := _address(dla.charge_de_mission)):
        message["From"] = sender
    message["Subject"] = _subject(request)
    message.set_content(_body(request, dla, suffix), cte="quoted-printable")
    maintype, subtype = TYPES[suffix]
    message.add_attachment(octets, maintype=maintype, subtype=subtype, filename=name)
    message.set_boundary(f"dla-docs-{sha256(octets).hexdigest()[:32]}")  # the same bytes each time
    said = str(to) if to is not None else ""
    return Courriel(message.as_bytes(), said, "" if said else _why(request, found))


def _why(request: Request, found: Sequence[Personne]) -> str:
    if not request.role:
        return "« --pour » ne dit pas à qui il va"
    if len(found) > 1:
        return "il va à plusieurs personnes, qui ne doivent pas voir l'adresse des autres"
    who = BY[request.role]
    known = "l'adresse où joindre" if found else "qui est"
    return f"rien ne dit {known} {who}"


def _people(request: Request, mission: Mission | None) -> Iterator[Personne]:
    find = FINDERS.get(request.role)
    if find is not None:
        yield from find(request.document, mission)


def _of_the_prestataire(document: Any, mission: Mission | None) -> Iterator[Personne]:
    """His contact, as the document or the mission knows it; else the consultant."""
    own = getattr(document, "prestataire", None)
    known = mission.sollicites() if mission is not None else {}
    cle = own.cle if own is not None else None
    chosen = mission.prestataire if mission is not None and cle is None else None
    people = [one.contact for one in (own, known.get(cle or ""), chosen) if one is not None]
    alone = mission is not None and len(mission.retenus) == 1
    if alone and mission is not None and cle in (None, *mission.retenus):
        people.append(mission.intervenant)
    said = [person for person in people if person.courriel]
    yield from (said or people)[:1]


def _of_the_structures(document: Any, mission: Mission | None) -> Iterator[Personne]:
    held = getattr(document, "structures", ()) or (mission.structures if mission else ())
    yield from (one.responsable for one in held)


def _of_the_participant(document: Any, mission: Mission | None) -> Iterator[Personne]:
    who = getattr(document, "participant", None)
    if who is not None and (who.nom or getattr(who, "courriel", None)):
        yield Personne(nom=who.nom, courriel=getattr(who, "courriel", None))


def _of_the_dla(document: Any, mission: Mission | None) -> Iterator[Personne]:
    held = getattr(document, "operateur", None) or (mission.operateur if mission else None)
    if held is not None:
        yield held.charge_de_mission


FINDERS: dict[str, Callable[[Any, Mission | None], Iterator[Personne]]] = {
    Role.PRESTATAIRE.value: _of_the_prestataire,
    Role.STRUCTURE.value: _of_the_structures,
    Role.PARTICIPANT.value: _of_the_participant,
    Role.CHARGE_DE_MISSION.value: _of_the_dla,
    Role.DLA.value: _of_the_dla,
}


def _operator(request: Request, mission: Mission | None) -> Operateur:
    held = mission.operateur if mission is not None else None
    found = held or getattr(request.document, "operateur", None)
    return found if isinstance(found, Operateur) else Operateur()


def _address(person: Personne) -> Address | None:
    if not person.courriel:
        return None
    name, _, domain = person.courriel.rpartition("@")  # whole, it may have no accent
    return Address(_flat(person.nom), name, domain)


def _is_ascii(people: Sequence[Personne], dla: Operateur) -> bool:
    return all((one.courriel or "").isascii() for one in (*people, dla.charge_de_mission))


def _subject(request: Request) -> str:
    document = request.document
    until = document.a_rendre_le
    when = f" avant le {date_longue(until)}" if until else ""
    named = _structures(request)
    head = f"{document.titre_court or document.titre} : à remplir{when}"
    return typeset(_flat(f"{head} – {named}" if named else head))


def _structures(request: Request) -> str:
    """As the form names them: some never do."""
    held = [one.nom for one in getattr(request.document, "structures", ()) if one.nom]
    return held[0] if len(held) == 1 else f"{held[0]} et {len(held) - 1} autres" if held else ""


def _body(request: Request, dla: Operateur, suffix: str) -> str:
    document, until = request.document, request.document.a_rendre_le
    named = _structures(request)
    asked = asked_of(request)
    lines = [
        "Bonjour,",
        f"Vous trouverez ci-joint le formulaire « {document.titre} », à remplir.",
        f"Accompagnement : {named}." if named else "",
        f"Il vous revient d'y remplir : {asked}." if asked else "",
        f"Merci de me le renvoyer avant le {date_longue(until)}."
        if until
        else "Merci de me le renvoyer dès qu'il est rempli.",
        f"Ouvrez-le {PROGRAMS[suffix]}, écrivez dans les cases teintées, enregistrez-le, puis "
        "joignez-le à votre réponse.",
        "Cordialement,",
        "\n".join(_signature(dla)),
    ]
    return typeset("\n\n".join(filter(None, lines))) + "\n"


def _signature(dla: Operateur) -> Iterator[str]:
    who = dla.charge_de_mission
    said = (who.nom, who.fonction, ", ".join(filter(None, (dla.nom, dla.structure_porteuse))))
    yield from filter(None, map(_flat, said))
    if who.telephone:
        yield telephone(who.telephone)
    if who.courriel:
        yield who.courriel


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())

"""Le rafraîchissement : un document retouché à la main reçoit ce que la mission dit maintenant, et
garde ce que la main y a mis (décision 0019).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from dla_docs.constat import Constat
from dla_docs.errors import InputError, VerificationError
from dla_docs.forms.answers_taken import Changement
from dla_docs.model.document import Document
from dla_docs.pipeline import produce
from dla_docs.profils.profil import Profil
from dla_docs.registry import DOCUMENTS
from dla_docs.retouches.around import same_around, wear, worn_otherwise
from dla_docs.retouches.brought_styles import Importer
from dla_docs.retouches.keys import Keys, Names
from dla_docs.retouches.merging import Merge
from dla_docs.retouches.page import drawn_otherwise, said_otherwise
from dla_docs.retouches.recomputed import set_aside
from dla_docs.retouches.replaced import put_by_hand
from dla_docs.retouches.skeleton import Element, fields, value_of, words
from dla_docs.retouches.standing import PRINTED, said_by_the_page, to_choose
from dla_docs.retouches.target import OTHER_TEMPLATE
from dla_docs.retouches.telling import Told
from dla_docs.retouches.tracking import AUTHOR
from dla_docs.stages.envelope import NAMESPACE, Enveloppe, open_envelope
from dla_docs.stages.request import resolve
from dla_docs.stages.sent_page import departed
from dla_docs.word.archive import pack_quickly, write_archive
from dla_docs.word.names import W_SDTPR, W_VAL, W
from dla_docs.word.package import MAIN, open_package, parse_part, serialise
from dla_docs.word.page import is_story, page_in, tag_of
from dla_docs.word.soundness import soundness

AGAIN_FROM_IT = (
    "Refaites-le par « --modele », sous un autre nom, et reportez-y ce que vous aviez ajouté."
)
AGAIN = "Refaites-le sous un autre nom, et reportez-y ce que vous aviez ajouté."


@dataclass(frozen=True)
class Rafraichi:
    """Un document rafraîchi.

    ``octets`` : le .docx ; ``mis_a_jour`` : ce que la mission y a changé ; ``gardes`` : ce que la
    main y avait mis et qui reste, dit ; ``conflits`` : ce qui reste à choisir en suivi des
    modifications, cette fois ou une fois d'avant (``avant``, la main ; ``apres``, la mission) ;
    ``sans_place`` : ce que la mission vient de changer, et dont la main a ôté la place ; ``ecarts``
    : les autres réponses que la page ne dit pas comme la mission (``avant``, la page, vide quand
    elle ne les dit pas ; ``apres``, la mission).
    """

    octets: bytes
    mis_a_jour: tuple[Changement, ...] = ()
    gardes: tuple[str, ...] = ()
    conflits: tuple[Changement, ...] = ()
    sans_place: tuple[Changement, ...] = ()
    ecarts: tuple[Changement, ...] = ()


def refresh(
    octets: bytes, document: Document, profil: Profil | str | Path | None = None
) -> Rafraichi:
    """Le document retouché à la main, avec ce que la mission dit maintenant. Trois pages sont
    comparées : celle qui était partie, et voyage avec lui, celle de la main, celle d'aujourd'hui.

    Arguments :
    - ``octets`` : le .docx retouché.
    - ``document`` : le même, tel que la mission le tient maintenant.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui du document, sinon celui de sa mission, sinon ``national``.

    Rend : un ``Rafraichi`` ; les mêmes octets quand il n'y a rien à changer.

    Erreurs :
    - ``InputError`` : ce n'est pas ce document, ou il a perdu la page qui voyageait avec lui.
    - ``NonConformityError`` : il était définitif, et un bloquant demeure.
    - ``VerificationError`` : le résultat ne dirait pas ce qu'il doit ; rien n'est rendu.
    """
    sent = _sent(open_package(octets), document)
    request = resolve(document, profil, brouillon=sent.brouillon)
    return merged(octets, produce(request)[0], request.document)


def merged(octets: bytes, made: bytes, document: Document) -> Rafraichi:
    """Le document retouché ``octets``, avec ce que dit maintenant ``made``, la page que la mission
    vient d'en faire ; ``document`` : celui qu'elle imprime. Mêmes erreurs que ``refresh``.
    """
    parts, today = open_package(octets), open_package(made)
    sent, left, fresh = _sent(parts, document), departed(parts), open_envelope(today)
    assert fresh is not None
    keys = Keys(sent.donnees), Keys(fresh.donnees, sent.donnees)
    names = Names(*keys, type(document))
    data, held = (next(_data_parts(one)) for one in (today, parts))
    done, told = dict(parts), Told(kept=[*worn_otherwise(left, parts)])
    if today[data] == parts[held] and same_around(parts, today):
        return _told(octets, parts, today, names, told)
    for name, story in _stories(parts, left, today).items():
        _merge(done, name, left, story, today, names, told)
    done[held] = today[data]
    wear(done, today, left, told)
    if done == parts:  # all that differs is a hand's
        return _told(octets, parts, today, names, told)
    _prove(parts, done, today, names, told)
    packed = write_archive(pack_quickly(name, content) for name, content in done.items())
    return _told(packed, done, today, names, told)


def _told(
    octets: bytes,
    done: Mapping[str, bytes],
    made: Mapping[str, bytes],
    names: Names,
    told: Told,
) -> Rafraichi:
    """What was to be chosen the time before still is; the page says best what the hand keeps."""
    left = (*told.conflicts, *to_choose(done, made, names))
    conflicts = {(one.chemin, one.apres, one.avant * (not one.chemin)): one for one in left}
    pending = {one.chemin for one in (*conflicts.values(), *told.placeless)}
    beside = said_by_the_page(done, made, names)
    return Rafraichi(
        octets,
        (*dict.fromkeys(told.updated),),
        (*dict.fromkeys((*told.kept, *_of_hand(made, done))),),
        (*conflicts.values(),),
        (*dict.fromkeys(told.placeless),),
        (*dict.fromkeys(one for one in beside if one.chemin not in pending),),
    )


def _sent(parts: Mapping[str, bytes], document: Document) -> Enveloppe:
    """What it left with; a sentence when that is lost, or is of another kind."""
    sent = open_envelope(parts)
    if sent is not None and sent.page:
        raise InputError(
            Constat(
                "C'est un formulaire : il se lit, et ne se rafraîchit pas.",
                conseil="« dla-docs lire » en prend les réponses.",
            )
        )
    if sent is None or not sent.intacte or MAIN not in departed(parts):
        raise InputError(
            Constat(
                "Ce fichier ne porte plus la page telle qu'elle était partie : on ne sait pas ce "
                "qu'une main y a changé.",
                conseil=AGAIN,
            )
        )
    if sent.autre_modele:
        raise InputError(Constat(OTHER_TEMPLATE, conseil=AGAIN_FROM_IT))
    if sent.slug != document.slug():
        held = DOCUMENTS[sent.slug].titre if sent.slug in DOCUMENTS else sent.slug
        raise InputError(f"Ce fichier n'est pas « {document.titre} », mais « {held} ».")
    return sent


def _data_parts(parts: Mapping[str, bytes]) -> Iterator[str]:
    return (
        name
        for name in sorted(parts)
        if name.startswith("customXml/") and NAMESPACE.encode() in parts[name]
    )


def _stories(
    parts: Mapping[str, bytes], left: Mapping[str, bytes], made: Mapping[str, bytes]
) -> dict[str, str]:
    """The body, and each header or footer: the part that it left from, which the mission makes
    again; word processors number them anew.
    """
    found = {MAIN: MAIN}
    for name in parts:
        if name != MAIN and name.startswith(PRINTED) and is_story(name):
            said = words(parse_part(parts[name], name)).split()
            kind = name[: len("word/header")]
            near = {
                one: _likeness(said, words(parse_part(left[one], one)).split())
                for one in left
                if one.startswith(kind) and one in made
            }
            best = max(near, key=lambda one: near[one], default="")
            if best and (near[best] or not said):
                found[name] = best
    return found


def _likeness(one: list[str], other: list[str]) -> float:
    if not one and not other:
        return 1.0
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other))


def _merge(
    done: dict[str, bytes],
    name: str,
    sent: Mapping[str, bytes],
    story: str,
    made: dict[str, bytes],
    names: Names,
    told: Told,
) -> None:
    held, left = parse_part(done[name], name), parse_part(sent[story], story)
    new = parse_part(made[story], story)
    before = etree.tostring(held)
    importer = Importer(done, made, name, story, held)
    put = put_by_hand(sent, done, name)
    with set_aside(held, left, new, name=name):
        Merge(left, held, new, names, importer, told, put).run()
    _number(held)
    if etree.tostring(held) != before:
        done[name] = serialise(held)


def _number(root: Element) -> None:
    """Each control has a number of its own."""
    taken: set[str] = set()
    for mark in root.iter(f"{W}id"):
        above = mark.getparent()
        if above is None or above.tag != W_SDTPR:
            continue
        number = int(mark.get(W_VAL, "1"))
        while str(number) in taken:
            number = (number + 1) & 0x7FFFFFFF
        mark.set(W_VAL, str(number))
        taken.add(str(number))


def _of_hand(made: Mapping[str, bytes], done: Mapping[str, bytes]) -> Iterator[str]:
    yield from said_otherwise(page_in(made), page_in(done))
    yield from drawn_otherwise(made, done, AUTHOR)


def _prove(
    parts: Mapping[str, bytes],
    done: Mapping[str, bytes],
    made: Mapping[str, bytes],
    names: Names,
    told: Told,
) -> None:
    """Sound, each control once, each fact that the mission changed said or named."""
    known = set(soundness(parts))
    faults = [one for one in soundness(done) if one not in known]
    held = [*_controls(done)]
    twice = [tag for tag, times in Counter(tag for tag, _ in held).items() if times > 1]
    faults += [Constat(f"Le contrôle « {tag} » y serait deux fois.") for tag in twice]
    said = dict(held)
    named = {change.chemin for change in told.conflicts}
    left = {names.left.name(tag): text for tag, text in _controls(departed(parts))}
    for tag, now in _controls(made):
        was = left.get(names.new.name(tag))
        if tag in said and not names.agree(tag, said[tag], now) and was != now and tag not in named:
            faults.append(Constat(f"« {now} » devait y être ({tag}).", chemin=tag))
    if faults:
        raise VerificationError(faults)


def _controls(parts: Mapping[str, bytes]) -> Iterable[tuple[str, str]]:
    root = parse_part(parts[MAIN], MAIN)
    return ((tag_of(sdt), value_of(sdt)) for sdt in fields(root))

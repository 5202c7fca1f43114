"""Une retouche, un changement, un rafraîchissement : ce qu'il en est de chaque promesse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from dla_docs import DOCUMENTS, load, read
from dla_docs.errors import DlaDocsError
from dla_docs.model.document import Document
from dla_docs.resources import sample_path
from dla_docs.retouches.keys import Keys
from dla_docs.retouches.page import page_breaks
from dla_docs.retouches.refresh import Rafraichi
from dla_docs.retouches.saying import same
from dla_docs.retouches.skeleton import Namer, fields, skeleton, value_of
from dla_docs.retouches.standing import PRINTED
from dla_docs.stages.envelope import open_envelope
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from dla_docs.word.names import W_P, W_VAL, W
from dla_docs.word.package import MAIN, open_package, parse_part
from dla_docs.word.page import is_story, tag_of
from dla_docs.word.soundness import soundness
from tests.retouches.beside import ALL, MEDIA, RELS
from tests.retouches.changes import changed, other_profile
from tests.retouches.hand import AUTHOR, MARK, Hand
from tests.retouches.structures import Situation, structured
from tests.word_forms import parts_of

GAP = "à compléter"  # no fact: the hand may have removed the empty row where a draft shows it


@dataclass
class Outcome:
    """Les comptes d'un essai, et ses fautes, dites."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    made: bytes = b""

    def count(self, what: str, good: bool, fault: str) -> None:
        """Compte ce qui est bon ; ce qui ne l'est pas est une faute."""
        self.counts[what] += 1
        if not good:
            self.counts[f"{what}, faux"] += 1
            self.faults.append(f"{what} : {fault}")


Trial = Generator[bytes, bytes, Outcome]
"""Un essai : les fichiers qu'il donne à enregistrer, ceux qu'il reçoit, ce qu'il en est."""


@cache
def sample(slug: str) -> tuple[Document, bytes]:
    """L'exemple de cette sorte, et sa page."""
    document = load(sample_path(slug))
    assert isinstance(document, Document)
    return document, fill(resolve(document, brouillon=True))


def outcome(slug: str, seed: int) -> Outcome:
    """L'essai de ce numéro, sur cette sorte : retoucher, changer, rafraîchir, encore, revenir."""
    trial = steps_of(slug, seed, resaved=False)
    octets = next(trial)
    while True:
        try:
            octets = trial.send(octets)
        except StopIteration as done:
            told: Outcome = done.value
            return told


def steps_of(slug: str, seed: int, *, resaved: bool) -> Trial:
    """Le même, étape par étape : il donne chaque fichier à celui qui l'enregistre, et le reçoit
    tel qu'il l'a enregistré.
    """
    told = Outcome()
    before, after = situations(slug, seed)
    left, now = before.page(), after.page()
    hand = Hand(left, seed)
    held = hand.retouch(1 + seed % 6, ALL)
    try:
        held = yield held
        made = after.on(held)
        _judge(told, hand, (left, held, now), made, resaved)
        again = after.on(made.octets)
        told.count("refait", again.octets == made.octets, "d'autres octets")
        between = yield made.octets
        back = before.on(between)
        _judge(told, hand, (now, between, left), back, resaved)
    except (DlaDocsError, ValueError, TypeError, AssertionError, AttributeError) as error:
        told.count("rendu", False, repr(error))
    else:
        told.count("rendu", True, "")
        told.made = made.octets
    return told


def situations(slug: str, seed: int) -> tuple[Situation, Situation]:
    """Ce que la mission dit quand le document part, et ce qu'elle dit ensuite : une fois sur deux
    tout un pan de la page change, sinon quelques valeurs, quelques lignes, le profil.
    """
    document, _ = sample(slug)
    if seed % 2:
        return structured(document, seed // 2 + [*DOCUMENTS].index(slug))
    later = changed(document, seed, 1 + seed % 4)
    return Situation(document), Situation(later, other_profile(seed))


def _judge(
    told: Outcome, hand: Hand, pages: tuple[bytes, bytes, bytes], made: Rafraichi, resaved: bool
) -> None:
    """Chaque promesse, sur un résultat."""
    left, held, now = pages
    before, after = whole_text(held), whole_text(made.octets)
    for word in hand.words:
        if word in before:
            told.count("mot", word in after, word)
    if not resaved:
        signs = signs_of(made.octets)
        for sign, times in signs_of(held).items():
            told.count("signe", signs[sign] >= times, f"{sign} ({signs[sign]} pour {times})")
    tags = Counter(tag for tag, _ in controls(made.octets))
    if made.octets != held:  # where the mission has nothing to change, the file is the hand's
        told.count("champs", max(tags.values(), default=0) < 2, f"{tags.most_common(2)}")
    known = set(soundness(open_package(held)))
    faults = [one for one in soundness(open_package(made.octets)) if one not in known]
    told.count("sain", not faults, "; ".join(map(str, faults)))
    chosen = {change.chemin for change in (*made.mis_a_jour, *made.conflits, *made.sans_place)}
    beside = "\n".join(change.apres for change in made.conflits if not change.chemin)
    told_of = {
        key
        for key, (tag, value) in named(now, names_of(now, left)).items()
        if tag in chosen or " ".join(value.split()) in beside
    }
    _judge_facts(told, (left, held, now), made.octets, told_of)
    _judge_texts(told, hand, (left, held, now), made)
    read(made.octets)


def _judge_facts(
    told: Outcome, pages: tuple[bytes, bytes, bytes], made: bytes, told_of: set[str]
) -> None:
    left, held, now = pages
    ours, theirs = names_of(left), names_of(now, left)
    was, by_hand, wanted, said = (
        {key: value for key, (_, value) in named(*one).items()}
        for one in ((left, ours), (held, ours), (now, theirs), (made, theirs))
    )
    for key, value in wanted.items():
        if not same(was.get(key, ""), value) and not value.startswith(GAP):
            shown = same(said.get(key, "\0"), value)
            told.counts["à jour" if shown else "nommé"] += 1
            fault = f"{key} : {value!r}, et non {said.get(key)!r}"
            told.count("fait", shown or key in told_of, fault)
    for key, value in said.items():
        hands = not same(by_hand.get(key, ""), was.get(key, ""))
        right = key in wanted and (same(value, wanted[key]) or hands)
        told.count("champ", right, f"{key} dit {value!r}, et la mission {wanted.get(key)!r}")


def _judge_texts(
    told: Outcome, hand: Hand, pages: tuple[bytes, bytes, bytes], made: Rafraichi
) -> None:
    """Les textes du modèle : celui que la page d'aujourd'hui est seule à dire y est, celui qu'elle
    ne dit plus n'y est plus, ou ce qu'en a fait la main est nommé.
    """
    was, by_hand, wanted = map(texts_of, pages)
    said, whole = texts_of(made.octets), plain(whole_text(made.octets))
    changes = (*made.mis_a_jour, *made.conflits)
    named_ones = plain(" ".join((*made.gardes, *(f"{one.avant} {one.apres}" for one in changes))))
    if not hand.did("removes_a_paragraph", "removes_a_row"):
        for text in wanted - was:
            there = text in said or text in whole or text in named_ones
            told.count("texte", there, f"{text!r} n'y est pas")
    if not hand.did(*MOVES):
        for text in (was & by_hand) - wanted:
            told.count("texte", text not in said or text in named_ones, f"{text!r} y est encore")


MOVES = tuple(
    f"{verb}_a_{what}" for verb in ("copies", "moves") for what in ("paragraph", "row", "control")
)


def texts_of(octets: bytes) -> set[str]:
    """Les textes du modèle, entre les champs ; un mot seul n'en est pas un."""
    parts = open_package(octets)
    return {
        text
        for name in parts
        if name.startswith(PRINTED) and is_story(name)
        for paragraph in parse_part(parts[name], name).iter(W_P)
        for text in skeleton(paragraph, str)[::2]
        if " " in text
    }


def plain(text: str) -> str:
    return " ".join(text.split())


def controls(octets: bytes) -> list[tuple[str, str]]:
    """Les champs d'une page, dans l'ordre, et ce qu'ils disent."""
    root = parse_part(open_package(octets)[MAIN], MAIN)
    return [(tag_of(sdt), value_of(sdt)) for sdt in fields(root)]


def names_of(octets: bytes, before: bytes | None = None) -> Namer:
    """Le nom d'un champ de cette page, qui ne change pas avec le rang de sa ligne ; ``before`` :
    la page d'avant, dont une ligne qui s'y retrouve garde le nom, avec ou sans clé.
    """
    sent = [open_envelope(open_package(one)) for one in (octets, before) if one is not None]
    return Keys(*(one.donnees for one in sent if one is not None)).name


def named(octets: bytes, name: Namer) -> dict[str, tuple[str, str]]:
    """Le chemin de chaque champ et ce qu'il dit, sous son nom."""
    found: dict[str, tuple[str, str]] = {}
    for tag, value in controls(octets):
        found.setdefault(name(tag), (tag, value))
    return found


def whole_text(octets: bytes) -> str:
    """Tous les mots d'un fichier, ceux des notes, des commentaires et des en-têtes compris."""
    parts = open_package(octets)
    return "\n".join(
        "".join(map(str, parse_part(parts[name], name).itertext()))
        for name in parts
        if name.startswith("word/") and name.endswith(".xml")
    )


def signs_of(octets: bytes) -> Counter[str]:
    """Ce qu'une main a mis qui n'est pas un mot : images, renvois, marques, sections."""
    return Counter(_signs(parts_of(octets)))


def _signs(parts: Mapping[str, bytes]) -> Iterator[str]:
    root = parse_part(parts[MAIN], MAIN)
    for name in ("footnoteReference", "endnoteReference", "commentReference"):
        for one in root.iter(f"{W}{name}"):
            yield f"{name} {one.get(f'{W}id')}"
    for name in ("ins", "del", "rPrChange"):
        for one in root.iter(f"{W}{name}"):
            if one.get(f"{W}author") == AUTHOR:
                yield f"{name} {one.get(f'{W}id')}"
    for one in root.iter(f"{W}highlight"):
        if one.get(W_VAL) == MARK:
            yield "surlignage"
    for _ in root.iter(f"{W}sectPr"):
        yield "section"
    for _ in range(page_breaks(root)):
        yield "saut de page"
    for link in parse_part(parts[RELS], RELS):
        used = f'"{link.get("Id")}"'.encode() in parts[MAIN]
        if used and f"word/{link.get('Target')}".startswith(MEDIA):
            yield f"image {link.get('Target')}"

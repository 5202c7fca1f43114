"""Le bureau d'un DLA qui n'ouvre jamais le YAML : des formulaires partent, se remplissent comme
Word les remplit, et reviennent par des commandes, qui se comptent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lxml import etree

from dla_docs import Mission, load
from dla_docs.cli.application import run
from dla_docs.model.document import Document
from dla_docs.model.node import schema_path
from dla_docs.resources import sample_path
from dla_docs.stages.rendering import fill as render_form
from dla_docs.stages.request import resolve
from dla_docs.word.boxes import path_of, rank_of
from dla_docs.word.names import W
from tests.formulaire.formulaires import answers
from tests.word_forms import fill, parts_of


def said_by(document: Document, profil: str) -> dict[str, str]:
    """Ce que ce document dit dans chaque champ de son formulaire."""
    asked = resolve(document, profil)
    leaves = frozenset(node.path for node in type(document).schema_node().leaves())
    docx = render_form(asked.as_form(asked.document, "", leaves))
    return {control.tag: control.text for control in answers(docx) if control.text}


def opened(docx: bytes) -> dict[str, bool]:
    """Les champs qu'une personne peut remplir ; vrai de ceux où elle écrit, faux de ceux où elle
    choisit, dans une liste ou parmi des cases.
    """
    controls = (
        (
            sdt.find(f"{W}sdtPr/{W}tag"),
            sdt.find(f"{W}sdtPr/{W}lock"),
            sdt.find(f"{W}sdtPr/{W}dropDownList"),
        )
        for name, part in parts_of(docx).items()
        if name.startswith(("word/document", "word/header", "word/footer"))
        for sdt in etree.fromstring(part).iter(f"{W}sdt")
    )
    return {
        path_of(str(tag.get(f"{W}val"))): listed is None and not rank_of(str(tag.get(f"{W}val")))
        for tag, lock, listed in controls
        if tag is not None and lock is not None and lock.get(f"{W}val") == "sdtLocked"
    }


@dataclass
class Bureau:
    """Un dossier, une mission qui s'y remplit, et le compte de ce qu'il a fallu faire."""

    folder: Path
    sample: str
    profil: str
    commands: list[str] = field(default_factory=list)
    typed: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # what was typed, and where first
    twice: dict[str, str] = field(default_factory=dict)
    unasked: set[str] = field(default_factory=set)  # known to people, and no field takes it
    left: bytes = b""  # the mission, as the last command left it

    @cached_property
    def facts(self) -> Mission:
        """Ce que chacun sait, et tapera : la mission d'exemple."""
        mission = load(sample_path(self.sample))
        assert isinstance(mission, Mission)
        return mission

    @property
    def mission(self) -> Path:
        return self.folder / "mission.yaml"

    def command(self, *words: object) -> None:
        """Une commande, qui aboutit ; la mission est restée telle que la précédente l'a laissée."""
        assert not self.left or self.mission.read_bytes() == self.left, "le YAML a été retouché"
        said = [str(word) for word in words]
        self.commands.append(" ".join(said))
        assert run(said) == 0, self.commands[-1]
        self.left = self.mission.read_bytes() if self.mission.exists() else b""

    def send(
        self, slug: str, role: str = "", *, lignes: Collection[str] = (), stade: str = ""
    ) -> Path:
        """Un formulaire, tiré de la mission quand elle existe."""
        form = self.folder / f"{len(self.commands)}_{slug}.docx"
        given = ["--mission", self.mission] if self.mission.exists() else ["--profil", self.profil]
        rows = [word for one in lignes for word in ("--lignes", one)]
        given += [*(["--pour", role] if role else []), *(["--stade", stade] if stade else [])]
        self.command("trame", slug, "-o", form, *given, *rows)
        return form

    def send_each(
        self, slug: str, role: str = "", *, lignes: Collection[str] = (), stade: str = ""
    ) -> list[Path]:
        """Un formulaire par prestataire, ou par participant."""
        where = self.folder / f"{len(self.commands)}_{slug}"
        rows = [word for one in lignes for word in ("--lignes", one)]
        given: list[object] = ["--mission", self.mission]
        given += [*(["--pour", role] if role else []), *(["--stade", stade] if stade else [])]
        self.command("trame", slug, "-o", where, *given, *rows)
        return sorted(where.iterdir())

    def answer(
        self,
        form: Path,
        document: Document,
        only: Collection[str] = ("",),
        but: Collection[str] = ("\0",),
        more: dict[str, str] | None = None,
    ) -> None:
        """Tape dans les champs ouverts et vides ce que l'on sait ; ce qui y est déjà reste."""
        docx = form.read_bytes()
        shown, free = {one.tag: one.text for one in answers(docx)}, opened(docx)
        known = {
            tag: text
            for tag, text in said_by(document, self.profil).items()
            if tag.startswith(tuple(only)) and not tag.startswith(tuple(but))
        } | (more or {})
        self.unasked |= {f"{form.stem} {tag}" for tag in known if tag not in shown}
        wanted = {tag: text for tag, text in known.items() if tag in free and not shown[tag]}
        for tag, text in wanted.items():
            if free[tag] and len(text) > 3:
                self._note(form.stem, type(document).slug(), tag, text)
        form.write_bytes(fill(docx, wanted))

    def _note(self, form: str, slug: str, tag: str, text: str) -> None:
        where, first = self.typed.setdefault(text, (form, tag))
        if where != form:
            self.twice[f"{slug} {schema_path(tag)}"] = f"{where} {first}"

    def typed_twice(self, excused: Mapping[str, Collection[str]]) -> tuple[list[str], list[str]]:
        """Ce qui s'est tapé deux fois sans qu'une de ces raisons ne l'excuse, par le début de
        l'endroit ; et les excuses qui n'ont servi à rien.
        """
        starts = tuple(one for found in excused.values() for one in found)
        again = [place for place in self.twice if not place.startswith(starts)]
        idle = [one for one in starts if not any(place.startswith(one) for place in self.twice)]
        return again, idle

    def take(self, *forms: Path) -> None:
        """Les formulaires revenus, écrits dans la mission."""
        self.command("lire", *forms, "--dans", self.mission)

    def fill(self, slug: str, role: str = "", rank: int = 0, **how: object) -> None:
        """Un formulaire de bout en bout : parti, rempli, repris."""
        sending = {name: how.pop(name) for name in ("lignes", "stade") if name in how}
        form = self.send(slug, role, **sending)  # type: ignore[arg-type]
        source = self.facts if slug == "mission" else self.facts.documents[slug][rank]
        self.answer(form, source, **how)  # type: ignore[arg-type]
        self.take(form)


def rendue(
    desk: Bureau,
    presents: int,
    suivi: dict[str, str] | None = None,
    rapport: dict[str, str] | None = None,
) -> None:
    """La fin d'une mission, quelle que soit l'ingénierie : le suivi, la restitution, le rapport et
    les paiements. ``presents`` : les lignes de la liste des présents ; ``suivi``, ``rapport`` : ce
    que le prestataire y dit de plus que la mission d'exemple.
    """
    desk.fill("grille_de_suivi", "prestataire", stade="final", more=suivi)
    desk.fill("grille_de_suivi")
    desk.fill(
        "mission",
        only=("envois.attentes", "envois.trame", "evenements.restitution"),
        lignes=[f"restitution.presents={presents}"],
    )
    desk.fill("rapport_final", "prestataire", stade="rendu", more=rapport)
    desk.fill("rapport_final", stade="recu")
    desk.fill("mission", only=("paiements",))

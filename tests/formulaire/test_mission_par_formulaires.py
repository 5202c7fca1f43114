"""Une mission entière, de la première fiche à l'évaluation, par des formulaires Word et des
commandes ; personne n'ouvre le YAML, et aucun fait ne se tape deux fois.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest
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

SOLLICITES = "mise_en_concurrence.sollicites"
ALPHA, BETA = "Cabinet Alpha Exemple", "Coopérative Bêta Exemple"


def facts() -> Mission:
    """Ce que chacun sait, et tapera : la mission d'exemple."""
    mission = load(sample_path("mission_individuelle"))
    assert isinstance(mission, Mission)
    return mission


def said_by(document: Document) -> dict[str, str]:
    """Ce que ce document dit dans chaque champ de son formulaire."""
    asked = resolve(document, "centre")
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
    facts: Mission = field(default_factory=facts)
    commands: list[str] = field(default_factory=list)
    typed: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # what was typed, and where first
    twice: dict[str, str] = field(default_factory=dict)
    unasked: set[str] = field(default_factory=set)  # known to people, and no field takes it
    left: bytes = b""  # the mission, as the last command left it

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
        given = ["--mission", self.mission] if self.mission.exists() else ["--profil", "centre"]
        rows = [word for one in lignes for word in ("--lignes", one)]
        given += [*(["--pour", role] if role else []), *(["--stade", stade] if stade else [])]
        self.command("trame", slug, "-o", form, *given, *rows)
        return form

    def send_each(self, slug: str, role: str = "", *, lignes: Collection[str] = ()) -> list[Path]:
        """Un formulaire par prestataire."""
        where = self.folder / f"{len(self.commands)}_{slug}"
        rows = [word for one in lignes for word in ("--lignes", one)]
        given = ["--mission", self.mission, *(["--pour", role] if role else [])]
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
            for tag, text in said_by(document).items()
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


def besoin(desk: Bureau) -> None:
    first = desk.send("mission", lignes=["operateur.financeurs=4"])
    header = ("reference", "nature", "operateur", "structures", "evenements.accueil")
    desk.answer(first, desk.facts, only=header, but=("reference_convention",))
    desk.command("lire", first, "-o", desk.mission)
    desk.fill("diagnostic_partage", lignes=["besoins=4", "plan_propose=5"])
    later = ("suivi.evaluation", "suivi.consequences", "versions[1]", "versions[2]")
    desk.fill("plan_accompagnement", lignes=["actions=5", "operationnels=4"], but=later)


def commande(desk: Bureau) -> None:
    desk.fill("mission", only=("evenements.comite_appui",))
    desk.fill("cahier_des_charges", lignes=["resultats=4", "productions=4"])


def consultation(desk: Bureau) -> None:
    answers = [f"{SOLLICITES}[{rank}].{name}" for rank in range(3) for name in ("reponse", "motif")]
    keys = [f"{SOLLICITES}[{rank}].cle" for rank in range(3)]
    later = (*answers, *keys, "mise_en_concurrence.retenu")
    desk.fill("mission", only=("mise_en_concurrence",), but=later)
    forms = desk.send_each("proposition", "prestataire", lignes=["etapes=4", "productions=4"])
    assert len(forms) == 3
    back = [form for form in forms if ALPHA in form.name or BETA in form.name]
    for form, rank in zip(sorted(back), (0, 1), strict=True):
        desk.answer(form, desk.facts.documents["proposition"][rank])
    desk.take(*back)
    forms = desk.send_each("proposition", "charge_de_mission")
    for form in (one for one in forms if ALPHA in one.name or BETA in one.name):
        desk.answer(form, desk.facts.documents["proposition"][int(BETA in form.name)])
        desk.take(form)


def choix(desk: Bureau) -> None:
    others = ("projets[0].selection", "projets[1].selection")  # the criteria of another guide
    desk.fill("grille_de_lecture", stade="choix", but=others)
    desk.fill("mission", only=(f"{SOLLICITES}[2].reponse", f"{SOLLICITES}[2].motif"))
    forms = desk.send_each("notification_de_choix")
    for form in forms:
        told = desk.facts.documents["notification_de_choix"][int(BETA in form.name)]
        desk.answer(form, told, but=("extrait",))  # the grid has said it
    desk.take(*forms)


def conduite(desk: Bureau) -> None:
    desk.fill(
        "mission",
        only=("evenements.lancement", "reference_convention", "paiements"),
        but=(
            "paiements[0].verse_le",
            "paiements[0].piece",
            "paiements[1].verse_le",
            "paiements[1].piece",
        ),
        lignes=["lancement.presents=4"],
    )
    desk.fill("fiche_prestataire", "prestataire")
    later = ("modification", "signature")
    desk.fill("convention_tripartite", stade="projet", but=later)
    desk.fill("convention_tripartite", stade="signee", but=("modification",))
    desk.fill(
        "grille_de_suivi",
        "prestataire",
        stade="previsionnel",
        only=[f"etapes[{n}].prevu" for n in range(4)] + ["fin_de_mission.prevu"],
    )
    for rank in range(2):
        desk.fill("grille_de_suivi", "prestataire", stade="en_cours", only=(f"etapes[{rank}]",))
    desk.fill("note_mi_parcours", "prestataire")


def modification(desk: Bureau) -> None:
    desk.fill("demande_de_modification", "prestataire", stade="deposee")
    desk.fill("demande_de_modification", stade="decidee")
    desk.fill("convention_tripartite", only=("modification",))  # its number is that of the request


def rendue(desk: Bureau) -> None:
    desk.fill("grille_de_suivi", "prestataire", stade="final")
    desk.fill("grille_de_suivi")
    desk.fill(
        "mission",
        only=("envois.attentes", "envois.trame", "evenements.restitution"),
        lignes=["restitution.presents=4"],
    )
    desk.fill("rapport_final", "prestataire", stade="rendu")
    desk.fill("rapport_final", stade="recu")
    desk.fill("mission", only=("paiements",))


def evaluation(desk: Bureau) -> None:
    forms = [
        desk.send("evaluation_individuelle", role, stade="repondue")
        for role in ("charge_de_mission", "structure", "prestataire")
    ]
    for form in forms:
        desk.answer(form, desk.facts.documents["evaluation_individuelle"][0])
    desk.command("reunir", *forms, "--dans", desk.mission)
    for slug, role in (
        ("enquete_beneficiaire", "structure"),
        ("enquete_prestataire", "prestataire"),
    ):
        desk.fill(slug, stade="adressee")
        desk.fill(slug, role, stade="repondue")
    desk.fill("suivi_post_accompagnement")
    desk.fill("plan_accompagnement", lignes=["versions=3"])
    desk.fill("mission", only=("envois",))


STEPS = (besoin, commande, consultation, choix, conduite, modification, rendue, evaluation)

OF_THE_DOSSIER = ["00 – Sommaire.docx", "conformite.docx"]  # where it speaks of itself
COMMANDS = 77  # one form is two of them: it leaves, it comes back
COINCIDENCES = {
    "une personne venue ailleurs aussi, ou qui répond": (
        "diagnostic_partage comite.presents[]",
        "mission evenements.lancement.presents[]",
        "mission evenements.restitution.presents[]",
        "enquete_beneficiaire repondant.",
        "enquete_prestataire repondant.",
        "suivi_post_accompagnement realisation.rencontres[]",
    ),
    "un même jour, ou un même nombre, pour deux faits": (
        "plan_accompagnement partage_le",
        "plan_accompagnement versions[].date",
        "mission evenements.lancement.date",
        "mission evenements.restitution.date",
        "mission envois.",
        "proposition budget.",
        "proposition calendrier.",
        "proposition etapes[].periode",
        "notification_de_choix date",
        "notification_de_choix proposition_recue_le",
        "notification_de_choix motif.demande_le",
        "convention_tripartite signature.",
        "grille_de_suivi etapes[].realise.dates",
        "rapport_final date",
        "rapport_final productions[].remise_le",
        "rapport_final remise.",
        "enquete_prestataire adressee_le",
    ),
    "les mots de l'un, qu'un autre emploie aussi": (
        "plan_accompagnement ressources[].organisme",
        "proposition productions[]",
        "proposition intervenants[]",
        "fiche_prestataire ",
        "grille_de_suivi etapes[].realise.production",
        "suivi_post_accompagnement synthese.transmissions[].destinataire",
    ),
}
"""Le même texte tapé deux fois, sans que ce soit le même fait."""


@pytest.mark.lent
def test_a_whole_mission_by_word_forms_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Bureau(tmp_path)
    for step in STEPS:
        step(desk)
    excused = tuple(one for found in COINCIDENCES.values() for one in found)
    again = {place: first for place, first in desk.twice.items() if not place.startswith(excused)}
    assert (again, desk.unasked) == ({}, set())
    assert [one for one in excused if not any(place.startswith(one) for place in desk.twice)] == []
    capsys.readouterr()
    desk.command("verifier", desk.mission)
    assert capsys.readouterr().out == "Conforme.\n"
    desk.command("dossier", desk.mission, "-o", tmp_path / "dossier")
    assert len(desk.commands) == COMMANDS
    ended, written = load(desk.mission), list((tmp_path / "dossier").rglob("*.docx"))
    assert isinstance(ended, Mission) and set(ended.documents) == set(desk.facts.documents)
    made = [path for path in written if path.name not in OF_THE_DOSSIER]
    assert len(made) == sum(map(len, ended.documents.values()))
    assert sorted(path.name for path in written if path not in made) == OF_THE_DOSSIER

"""Faire le dossier d'une mission : tout est fait, puis tout s'écrit ; ce qui manque est dit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dla_docs.constat import bloquants
from dla_docs.dossier.absences import absences
from dla_docs.dossier.consultation import written
from dla_docs.dossier.contents import (
    LEFT,
    NOT_READY,
    NOT_SHOWN,
    SHOWN,
    WITHHELD,
    Pieces,
    contents,
    refusal_of,
)
from dla_docs.dossier.converting import Before, bound, converted
from dla_docs.dossier.folder import (
    MANIFEST,
    PROOF,
    SUMMARY,
    begin,
    check_recipient,
    check_same_mission,
    finish,
    last_manifest,
    left_over,
    marks_of,
    under_way,
)
from dla_docs.dossier.hands import Hands, contradicted
from dla_docs.dossier.mission_data import mission_kept
from dla_docs.dossier.names import names
from dla_docs.dossier.recipient import (
    ARCHIVE,
    Remise,
    check_cites_nobody,
    parts,
    recipient_of,
)
from dla_docs.dossier.result import Dossier, Suivi
from dla_docs.dossier.retouched import Fiche
from dla_docs.dossier.shown_proof import shown_proof
from dla_docs.dossier.word_file import WordFile
from dla_docs.errors import DiskError, DlaDocsError, InputError
from dla_docs.files import digest, make_folder
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.parties.personnes import SEUIL
from dla_docs.pipeline import SLIDES, produce, produce_slides
from dla_docs.profils.profil import Profil
from dla_docs.stages.evidence import Conformite, files_of, judged, proof
from dla_docs.stages.evidence_page import page_of
from dla_docs.stages.ledger import Ledger
from dla_docs.stages.loading import load_mission
from dla_docs.stages.manifest import Absent, FichierDuDossier, Manifeste, PasProduit
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.verdict import verdict
from dla_docs.templating import DEFINITIF


def make_dossier(
    mission: Mission | str | Path,
    folder: str | Path,
    *,
    profil: Profil | str | Path | None = None,
    pdf: bool = False,
    brouillon: bool = False,
    destinataire: str = ARCHIVE,
    suivi: Suivi | None = None,
    remplacer: bool = False,
    processes: int | None = None,
) -> Dossier:
    """Écrit le dossier d'une mission : ses documents numérotés, leur sommaire, la preuve du verdict
    et le manifeste. Un document refusé n'empêche pas les autres ; une seconde fois n'écrit que ce
    qui a changé, n'ôte que d'un dossier remis ce qui ne s'y fait plus et qu'aucune main n'a touché,
    et rafraîchit un document retouché, dont une copie est gardée.

    Arguments :
    - ``mission`` : la mission, ou son fichier (.yaml, .json).
    - ``folder`` : le dossier à remplir, fait s'il n'existe pas.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui de la mission, sinon ``national``.
    - ``pdf`` : produit aussi chaque document en PDF.
    - ``brouillon`` : produit les documents malgré ce qui manque, et le montre à sa place.
    - ``destinataire`` : à qui il est remis, et qui n'y trouve que ce qu'il peut lire :
      « structure », « prestataire » (le retenu), « prestataire:CLE », « comite », « dla » ou
      « archive », qui garde tout.
    - ``suivi`` : appelé à mesure, avec ce qui se fait, combien sont faits, et sur combien.
    - ``remplacer`` : récrit un fichier retouché au lieu de le rafraîchir ; une copie en est gardée.
    - ``processes`` : le nombre de LibreOffice à la fois ; sans lui, un par cœur.

    Rend : un ``Dossier`` ; ses ``refus`` disent ce qui n'a pas été produit, et pourquoi ; ses
    ``rafraichis``, ce qu'est devenu chaque document retouché. Ce qu'une page retouchée dit
    autrement que la mission est un de ses ``constats``.

    Erreurs :
    - ``InputError`` : la mission ou le profil ne se lit pas, le destinataire n'existe pas ou le
      dossier est déjà celui d'un autre, ou le dossier ne peut pas être fait.
    - ``DiskError`` : le disque est plein, ou en lecture seule ; rien n'a été écrit.
    """
    held = mission if isinstance(mission, Mission) else load_mission(mission, profil)
    asked = resolve(held, profil, brouillon=brouillon)
    remise = recipient_of(held, destinataire)
    check_recipient(Path(folder), remise, held, brouillon=brouillon, remplacer=remplacer)
    where = make_folder(folder)
    making = _Making(where, asked, remise, suivi or (lambda *_: None), remplacer)
    making.produce()
    if pdf:
        kept = Before(where, making.before)
        making.refused += converted(making.words, kept, making.suivi, processes)
    return making.written()


@dataclass
class _Making:
    where: Path
    asked: Request
    remise: Remise
    suivi: Suivi
    remplacer: bool = False
    ledger: Ledger = field(default_factory=Ledger)
    words: list[WordFile] = field(default_factory=list)
    refused: list[tuple[str, DlaDocsError]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = last_manifest(self.where)
        self.cut = under_way(self.where)
        marks = marks_of(self.where, self.before, self.cut)
        self.hands = Hands(self.where, marks, self.mission, self.remise, self.remplacer)
        self.constats = verdict(self.asked, self.ledger)
        sources = [path for path in files_of(self.asked.document) if path.is_file()]
        held = judged(self.asked, sources)  # a mission may have left its file since it was read
        self.proof: Conformite = proof(self.constats, self.ledger, [self.asked], held)
        self.absents: tuple[Absent, ...] = absences(
            self.asked, self.proof, self.ledger, self.remise
        )
        self.parts = tuple(parts(self.mission, self.remise, SEUIL))
        self.withheld = dict(self._citing())

    @property
    def mission(self) -> Mission:
        mission = self.asked.document
        assert isinstance(mission, Mission)
        return mission

    def _citing(self) -> Iterator[tuple[int, InputError]]:
        """What his recipient may not have: by rank, why."""
        for rank, part in enumerate(self.parts, 1):
            try:
                check_cites_nobody(part, self.mission, self.remise, self.asked.profil)
            except InputError as error:
                yield rank, error

    def _shown(self, handed: Collection[int]) -> Conformite:
        """To another than the archive, the proof of what may be his; it names what ``handed``, the
        ranks of what is made, name.
        """
        if self.remise.entiere:
            return self.proof
        ranked = list(enumerate(self.parts, 1))
        his = [part for rank, part in ranked if rank not in self.withheld]
        made = [part for rank, part in ranked if rank in handed]
        shown = shown_proof(self.asked, self.mission, his, made)
        return shown.model_copy(update={"destinataire": self.remise.mot})

    def produce(self) -> None:
        """Every Word file, the pages that speak of the others last."""
        requests = [self.asked.of(part.vu) for part in self.parts]
        whys: dict[int, str] = {}
        chosen = list(map(self.mission.nom_de, self.mission.retenus))
        called = names(self.mission.reference, [one.document for one in requests], chosen)
        self.hands.look_back(self.before, (*called, SUMMARY, PROOF))
        for rank, (name, request, part) in enumerate(
            zip(called, requests, self.parts, strict=True), 1
        ):
            self.suivi("Word", rank - 1, len(requests))
            try:
                if rank in self.withheld:
                    raise self.withheld[rank]
                octets, _ = produce(request, self.asked.of(part.entier))
            except DlaDocsError as error:
                whys[rank] = self._state_of(error)
                self.refused.append((name, error))
                continue
            word = WordFile(name, request, octets, rank, part.est_extrait)
            self.words.append(word)
            alike = [one.entier for one in self.parts if type(one.entier) is type(part.entier)]
            self._refresh(word, part.entier, alike)
            if self.hands.leaves(f"{name}.docx", word.octets):
                whys[rank] = LEFT
            self._present(word, self.asked.of(part.entier))
        self.suivi("Word", len(requests), len(requests))
        self.proof = self._shown({one.rank for one in self.words})
        page = page_of(self.proof, self.asked.profil)
        drawn = {rank for rank, part in enumerate(self.parts, 1) if part.est_extrait}
        shown = {
            one.rank: NOT_SHOWN if one.slides is None else SHOWN
            for one in self.words
            if one.request.document.se_presente
        }
        by_hand = {word.rank for word in self.words if word.by_hand}
        kept = Pieces(requests, whys, drawn, shown, by_hand)
        self.summary = contents(self.mission, self.remise, page, kept, self.absents)
        self.words = [self._page(SUMMARY, self.summary), *self.words, self._page(PROOF, page)]

    def _present(self, word: WordFile, whole: Request) -> None:
        """The slides of a document that says it has some."""
        if word.request.document.se_presente:
            try:
                word.slides, _ = produce_slides(word.request, whole)
            except DlaDocsError as error:
                self.refused.append((f"{word.name}{SLIDES}", error))

    def _page(self, name: str, page: Document) -> WordFile:
        """A page that the dossier makes of itself is never a draft."""
        request = replace(self.asked.of(page), mode=DEFINITIF)
        octets, _ = produce(request)
        word = WordFile(name, request, octets)
        self._refresh(word, page, [page])
        return word

    def _refresh(self, word: WordFile, document: Document, alike: Sequence[Document]) -> None:
        """What a hand has done of its file stays; ``alike``: those of the same kind."""
        fiche = Fiche(document, word.request.document, word.octets, alike)
        word.retouche = self.hands.take(f"{word.name}.docx", fiche)
        if word.retouche is not None:
            word.octets = word.retouche.fait.octets

    def written(self) -> Dossier:
        """Everything on the disk, the manifest last: it tells only what is there."""
        made = list(self._files())
        if not self.remise.entiere:
            check_same_mission(self.where, self.before, (row for _, row in made), self.mission)
        begin(self.where, self.remise, made)
        kept: list[Path] = []
        told = [row for octets, row in made if self._write(row, octets, kept)]
        found = left_over(self.where, self.before, self.cut, [row for _, row in made])
        gone = self.hands.take_away(found)
        old = tuple(name for name in found if name not in gone)
        fresh = self.hands.done({row.nom for row in told})
        contradictory = [*contradicted(fresh, self.mission), *self.hands.forgotten(old)]
        manifest = self._manifest(told, old, not bloquants(contradictory)).to_json()
        row = FichierDuDossier(nom=MANIFEST, sha256=digest(manifest), sorte=MANIFEST)
        last = [row] if self._write(row, manifest, kept) else []
        finish(self.where)
        documents = {name for word in self.words if word.rank for name in word.contents}
        files = [self.where / one.nom for one in told if one.nom in documents]
        pieces = [self.where / one.nom for one in (*told, *last) if one.nom not in documents]
        return Dossier(
            tuple(files),
            tuple(self.refused),
            (*self.constats, *contradictory, *self.hands.still_there(old)),
            tuple(pieces),
            tuple(kept),
            tuple(self.where / name for name in old),
            self.cut is not None,
            fresh,
            tuple(self.where / name for name in gone),
        )

    def _files(self) -> Iterator[tuple[bytes, FichierDuDossier]]:
        """All that the manifest tells, in its order."""
        for word in self.words:
            yield from word.files()
        yield from bound(self.words, self.mission.reference, Before(self.where, self.before))
        octets = self.proof.to_json()
        yield octets, FichierDuDossier(nom=f"{PROOF}.json", sha256=digest(octets), sorte=PROOF)
        yield from mission_kept(self.mission, self.asked.profil, self.remise)

    def _write(self, row: FichierDuDossier, octets: bytes, kept: list[Path]) -> bool:
        """False when it is refused; ``kept`` receives what was there already."""
        path = self.where / row.nom
        try:
            if not self.hands.put(row.nom, octets):
                kept.append(path)
        except DiskError:  # no other would be written: what is begun says so
            raise
        except DlaDocsError as error:
            self.refused.append((row.nom, error))
            return False
        return True

    def _manifest(
        self, told: Sequence[FichierDuDossier], old: tuple[str, ...], faithful: bool
    ) -> Manifeste:
        """``faithful``: no page says other things than the mission."""
        return Manifeste(
            fait_le=self.proof.verifie_le,
            destinataire=self.remise.mot,
            dla_docs=self.proof.dla_docs,
            referentiel=self.proof.referentiel,
            profil=self.proof.profil,
            mission=self.proof.juge,
            conforme=self.proof.conforme and faithful,
            fichiers=tuple(told),
            pas_produits=tuple(
                PasProduit(nom=name, raisons=self._reasons(error)) for name, error in self.refused
            ),
            absents=self.absents,
            consultation=written(self.summary),
            anciens=old,
            reportes=self.hands.reported(old),
        )

    def _reasons(self, error: DlaDocsError) -> tuple[str, ...]:
        if self.remise.entiere:
            return tuple(one.message for one in error.constats)
        return (self._state_of(error),)

    def _state_of(self, error: DlaDocsError) -> str:
        """To another than the archive, what is wrong may be what is not shown."""
        if self.remise.entiere:
            return refusal_of(error)
        return WITHHELD if error in self.withheld.values() else NOT_READY

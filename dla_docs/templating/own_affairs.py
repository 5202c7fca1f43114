"""Ce qu'un modèle Word garde pour celui qui l'a fait : le dossier où il était, des
données d'un autre programme ou d'un autre document, un texte masqué, des commentaires. Ses
documents n'en ont rien, ou le modèle le dit.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from dla_docs.constat import Gravite
from dla_docs.raw.quoting import quoted
from dla_docs.templating.authors import (
    author_kept,
    properties_kept,
    reviewers_kept,
    without_people,
)
from dla_docs.templating.parts import Package
from dla_docs.templating.places import Finding, Place
from dla_docs.templating.unseen_stories import without_unseen_stories
from dla_docs.templating.unshown import variables_kept, without_unshown
from dla_docs.word.hidden import runs_under
from dla_docs.word.names import W_T, q
from dla_docs.word.package import drop_attached_template, parse_part
from dla_docs.word.part import is_xml, relationships, serialise

ITS_OWN = "customXml"
PATHS = ("Template", "HyperlinkBase")  # of the extended properties
TAGGED = re.compile(r"\{[{%#]")
FOLDER = re.compile(r".*[/\\]", re.DOTALL)


def without_own_affairs(package: Package) -> Iterator[Finding]:
    """Ôte d'un modèle ce qui ne regarde que lui ; dit ce qu'il en ôte, et ce qui reste."""
    told = [*_unrelated(package), *_without_paths(package), *without_unseen_stories(package)]
    told += [*without_people(package), *without_unshown(package)]
    if told:
        yield Finding(
            f"ce modèle garde {_listed([*dict.fromkeys(told)])} ; ses documents ne l'auront pas.",
            Place("", "Propriétés"),
            gravite=Gravite.INFORMATION,
        )
    yield from author_kept(package)
    yield from properties_kept(package)
    yield from reviewers_kept(package)
    yield from _variables(package)
    yield from _hidden(package)
    yield from _commented(package)
    yield from _embedded(package)


def _listed(told: list[str]) -> str:
    return " et ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _unrelated(package: Package) -> Iterator[str]:
    if drop_attached_template(package.parts):
        yield "le lien vers le modèle dont il vient"
    for owner in ("", package.main):
        for link in relationships(package.parts, owner):
            # not the empty list of works cited that Word leaves everywhere
            if link.kind == ITS_OWN and not link.external and _says(package, link.target):
                yield "des données d'un autre programme, ou d'un autre document"
                package.drop(owner, link.id, link.target)


def _says(package: Package, part: str) -> bool:
    content = package.parts.get(part, b"")
    root = parse_part(content, part) if is_xml(part) and content else None
    return root is None or len(root) > 0 or bool((root.text or "").strip())


def _without_paths(package: Package) -> Iterator[str]:
    for name in package.properties():
        root = parse_part(package.parts[name], name)
        named = (one for local in PATHS for one in root.iter(f"{{*}}{local}"))
        for one in [one for one in named if FOLDER.match(one.text or "")]:
            one.text = FOLDER.sub("", one.text or "")
            package.parts[name] = serialise(root)
            yield "le dossier où il était"


def _variables(package: Package) -> Iterator[Finding]:
    if said := variables_kept(package):
        yield Finding(
            f"la variable {quoted(said[:60])} irait dans ses documents : une balise dit laquelle "
            "s'imprime.",
            Place(package.settings(), "réglages"),
            conseil="Nommez dans le champ DOCVARIABLE celle qu'il montre, ou écrivez {% if … %}.",
            gravite=Gravite.AVERTISSEMENT,
        )


def hidden_words(parts: Mapping[str, bytes]) -> str:
    """Ce que ces parties tiennent sans le montrer."""
    return "".join(text.text or "" for run in runs_under(parts) for text in run.iter(W_T)).strip()


def _hidden(package: Package) -> Iterator[Finding]:
    """A tag that is hidden says nothing by itself; what it prints would be hidden."""
    titles = dict(package.stories())
    parts = {name: package.parts[name] for name in titles}
    parts |= {
        one: held for one, held in package.parts.items() if posixpath.basename(one) == "styles.xml"
    }
    said = hidden_words(parts)
    if re.sub(r"\{[%#].*?[%#]\}", "", said).strip():
        yield Finding(
            f"un texte masqué, {quoted(said[:60])}, irait dans ses documents.",
            Place(package.main, titles.get(package.main, "")),
            conseil="Affichez-le (bouton ¶, volet Sélection), puis effacez-le, ou retirez "
            "« Masqué » de sa police.",
        )


def _commented(package: Package) -> Iterator[Finding]:
    for name, title in package.stories():
        for comment in (
            parse_part(package.parts[name], name).iter(q("w:comment"))
            if title == "commentaires"
            else ()
        ):
            said = "".join(text.text or "" for text in comment.iter(W_T))
            if not TAGGED.search(said):
                yield Finding(
                    f"le commentaire {quoted(said[:60])} irait dans ses documents.",
                    Place(name, title),
                    conseil="Supprimez-le (onglet Révision) s'il n'est pas pour qui les reçoit.",
                    gravite=Gravite.AVERTISSEMENT,
                )


def _embedded(package: Package) -> Iterator[Finding]:
    """The workbook of a chart, a whole document behind its picture."""
    for part in sorted(package.parts):
        if "/embeddings/" in part:
            yield Finding(
                f"l'objet incorporé « {part} » irait entier dans ses documents, avec ce qui ne "
                "s'en voit pas.",
                Place(part, "Objet incorporé"),
                conseil="Si tout n'en est pas pour qui les reçoit, mettez à sa place son image.",
                gravite=Gravite.AVERTISSEMENT,
            )

"""``python -m dla_docs.manual.catalogue [DOSSIER]`` : récrit le catalogue des exigences,
``docs/exigences/<nom>.md``, une page par sorte de document et une pour la mission, et les formes
publiées d'une preuve et du manifeste d'un dossier, ``*.schema.json``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from dla_docs.manual.pages import cell
from dla_docs.manual.sheet import FicheDExigence, sheet
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.model.requirement import DATE_DU_REFERENTIEL, VERSION_DU_REFERENTIEL, referentiel
from dla_docs.registry import DOCUMENTS
from dla_docs.stages import evidence, manifest, report

KINDS: dict[str, type[Document]] = {**DOCUMENTS, "mission": Mission}
SCHEMAS = {
    "conformite.schema.json": evidence.schema,
    "manifeste.schema.json": manifest.schema,
    "compte_rendu.schema.json": report.schema,
}
PACKAGED = Path(evidence.__file__).parent


def page(slug: str) -> str:
    """La page d'une sorte de document, en Markdown : ce que les guides en demandent, une exigence
    après l'autre.
    """
    sheets = [one for one in map(sheet, referentiel()) if slug in one.documents]
    head = (
        f"# Ce que les guides demandent : {KINDS[slug].titre}\n",
        "<!-- Écrit par « python -m dla_docs.manual.catalogue » : corrigez la classe ou le "
        "référentiel, pas cette page. -->\n",
        f"Référentiel, version {VERSION_DU_REFERENTIEL} du {DATE_DU_REFERENTIEL:%d/%m/%Y}. "
        "« dla-docs exigences CDC-07 » montre la même fiche à l'écran.",
    )
    entries = ("\n".join(_entry(one, slug)) for one in sheets)
    return "\n\n".join(("\n".join(head), *entries)) + "\n"


def schema_text(name: str) -> str:
    """La forme publiée sous ce nom."""
    return json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=2) + "\n"


def main(target: Path) -> None:
    """Écrit toutes les pages, et les schémas dans le paquet et à côté d'elles."""
    target.mkdir(parents=True, exist_ok=True)
    texts = {target / f"{slug}.md": page(slug) for slug in KINDS}
    texts |= {home / name: schema_text(name) for home in (target, PACKAGED) for name in SCHEMAS}
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path)


def _entry(one: FicheDExigence, slug: str) -> Iterator[str]:
    yield f"## {one.id} · {cell(one.titre)}\n"
    yield f"- Force : {one.forces_dites}"
    if one.condition:
        yield f"- Précision : {cell(one.condition)}"
    for word in one.guides:
        quoted = " ; ".join(f"« {cell(words)} »" for words in word.mots)
        yield f"- {word.guide}, « {cell(word.rubrique)} », {word.force} : {quoted}"
    if one.sans_trace:
        yield f"- Sans trace dans un document : {cell(one.sans_trace)}"
    for place in one.endroits:
        if place.document == slug:
            yield f"- Porte sur `{place.chemin or slug}` ({cell(place.libelle)})"
            if place.message:
                yield f"  - Message : {cell(place.message)}"
            if place.conseil:
                yield f"  - Remède : {cell(place.conseil)}"
    for case in one.cas:
        if case.document == slug:
            yield f"- Fautif, dans `{case.exemple}` : `{case.fautive}`"
            if case.juste:
                yield f"  - Juste : `{case.juste}`"
    others = [f"[{KINDS[other].titre}]({other}.md)" for other in one.documents if other != slug]
    if others:
        yield f"- Aussi : {', '.join(others)}"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/exigences"))

"""Ce qui entoure les textes d'un document produit : types, relations, réglages, images, données
jointes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache

from dla_docs.templating.images import MEDIA_TYPES, Image
from dla_docs.templating.looks import packed_look
from dla_docs.templating.parts import (
    CUSTOM_XML_RELATION,
    EMPTY_RELATIONS,
    IMAGE_RELATION,
    PROPS_TYPE,
    Package,
    add_relations,
    custom_xml,
    settings_variants,
    with_types,
)
from dla_docs.word.archive import PackedPart, pack, pack_quickly
from dla_docs.word.package import CONTENT_TYPES
from dla_docs.word.part import of_small_parts, rels_of

Images = Mapping[str, Mapping[str, Image]]  # by part, by number of their relation
Shown = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # the same, by their names


class Shell:
    """Les parties qui entourent celles qu'un moteur imprime (``printed``) : faites une fois, hors
    les quelques-unes que change une image ou des données jointes. ``fixed`` : celles que rien ne
    change.
    """

    def __init__(
        self, package: Package, digest: bytes, has_contents: bool, printed: set[str]
    ) -> None:
        settings = package.settings()
        plain, protected = settings_variants(package.parts[settings], settings, has_contents)
        self._types, self._main, self._main_rels = (
            package.types,
            package.main,
            rels_of(package.main),
        )
        self._parts = package.parts
        self.data_name, self._companions = custom_xml(package.parts, digest)
        own = {CONTENT_TYPES, settings, self._main_rels, *printed}
        self._static = {name: held for name, held in package.parts.items() if name not in own}
        self._settings = {False: {settings: plain}, True: {settings: protected}}
        self._usual = {with_data: self._joints(with_data, ()) for with_data in (False, True)}
        self._joined = lru_cache(16)(self._joints)  # a mission shows the same logos everywhere
        joined = {*own, *map(rels_of, own)}
        self.fixed = {name: held for name, held in self._static.items() if name not in joined}

    @cached_property
    def look(self) -> str:
        """L'allure que ces parties donnent à la page (``templating.looks``)."""
        return packed_look(self.fixed)

    def ready(self) -> dict[tuple[str, bytes], PackedPart]:
        """Les parties qui se font une fois, comprimées, d'après leur nom et leur contenu."""
        still = (self._static, *self._settings.values(), self._companions)
        made = {(name, held[name]): _packed(held[name], name) for held in still for name in held}
        return made | {
            (name, held[name]): pack_quickly(name, held[name])
            for held in self._usual.values()
            for name in held
        }

    def parts(self, protected: bool, data: bytes | None, images: Images) -> dict[str, bytes]:
        """Tout ce qui entoure les parties imprimées ; ``protected`` : un formulaire."""
        with_data = data is not None
        joints = self._with_images(with_data, images) if images else self._usual[with_data]
        joined = {} if data is None else {self.data_name: data, **self._companions}
        return {**self._static, **self._settings[protected], **joints, **joined}

    def _joints(self, with_data: bool, shown: Shown) -> dict[str, bytes]:
        """The table of types, the main part's relations, and those of what shows an image."""
        overrides = [(self.data_name.replace("item", "itemProps"), PROPS_TYPE)] if with_data else []
        extensions = {image.rpartition(".")[2] for _, found in shown for _, image in found}
        kinds = {(one, MEDIA_TYPES[one]) for one in extensions}
        kinds |= {("xml", "application/xml")} if with_data else set()
        made = {
            CONTENT_TYPES: with_types(self._types, kinds, overrides),
            self._main_rels: self._main_relations(with_data),
        }
        for part, found in shown:
            name = rels_of(part)
            made[name] = add_relations(
                made.get(name) or self._parts.get(name, EMPTY_RELATIONS),
                [(number, IMAGE_RELATION, f"media/{image}") for number, image in found],
            )
        return made

    def _main_relations(self, with_data: bool) -> bytes:
        rels = self._parts.get(self._main_rels, EMPTY_RELATIONS)
        return (
            add_relations(rels, [("rIdDlaData", CUSTOM_XML_RELATION, f"../{self.data_name}")])
            if with_data
            else rels
        )

    def _with_images(self, with_data: bool, images: Images) -> dict[str, bytes]:
        shown = tuple(
            (part, tuple((number, image.name) for number, image in found.items()))
            for part, found in images.items()
        )
        joints = self._joined(with_data, shown)
        made = {name: joints[name] for name in (CONTENT_TYPES, self._main_rels)}
        for part, found in shown:
            made[rels_of(part)] = joints[rels_of(part)]
            made |= {f"word/media/{name}": images[part][number].content for number, name in found}
        return made


@of_small_parts
def _packed(data: bytes, name: str) -> PackedPart:
    """The templates that are delivered have the same styles, the same theme."""
    return pack(name, data)

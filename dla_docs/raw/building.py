"""Des événements de PyYAML aux données : clés en double, renvois et étiquettes y sont jugés, tous
les problèmes à la fois.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.raw.nodes import RawList, RawMap, RawText
from dla_docs.raw.quoting import quoted

MAX_DEPTH = 50
# Values that aliases may repeat in one file: far above honest use, far below what exhausts the
# memory
MAX_COPIED = 20_000
MAX_VALUES = 200_000  # of one file, keys included: the largest missions have a fiftieth of them
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TAGS = frozenset(
    {
        f"tag:yaml.org,2002:{name}"
        for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
    }
)
MERGE = "<<"


class RawBuilder:
    """Construit les données d'un fichier à partir de ses événements.

    Ceux de PyYAML, et non ses nœuds : rien de ce qui précède une faute de syntaxe ne s'y perd, et
    la profondeur se compte avant de descendre.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._constats: list[Constat] = []
        self._anchors: dict[
            str, tuple[Any, int] | None
        ] = {}  # value and its size; None while the value is being written
        self._unused: dict[str, list[int]] = {}  # lines of the texts named and not yet repeated
        self._count = 0
        self._copied = 0

    def build(self, events: Iterable[Any]) -> RawMap:
        """Les clés du fichier ; ``InputError`` porte tout ce qui a été trouvé, y compris avant une
        faute de syntaxe.
        """
        self._events = (
            event for event in events if isinstance(event, NodeEvent | CollectionEndEvent)
        )
        try:
            value = self._document()
        except InputError as error:
            raise InputError(dict.fromkeys((*self._constats, *error.constats))) from error
        for name, lines in self._unused.items():
            self._unrepeated(name, lines)
        if self._constats:
            raise InputError(self._constats)
        return value

    def problem(self, message: str, conseil: str, line: int) -> None:
        """Retient un problème, à dire avec les autres."""
        self._constats.append(Constat(message, fichier=self._file, ligne=line, conseil=conseil))

    def _document(self) -> RawMap:
        first = next(self._events, None)
        value = self._value(first, 1) if first else None
        for extra in self._events:
            raise self._error(
                "Ce fichier contient plusieurs documents.",
                "Gardez-en un, et retirez la ligne « --- » qui les sépare.",
                line_at(extra),
            )
        if isinstance(value, RawMap):
            return value
        if value is None:
            raise self._error(
                "Ce fichier est vide.",
                "Écrivez-y des clés, par exemple « document: cahier_des_charges ».",
                1,
            )
        message = (
            "Ce fichier doit contenir des clés, et non "
            f"{'une liste' if isinstance(value, RawList) else 'un texte'}."
        )
        raise self._error(
            message,
            "Écrivez par exemple « document: cahier_des_charges », avec une espace après les "
            "deux-points.",
            line_at(first),
        )

    def _value(self, event: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise self._too_deep(line_at(event))
        self._count += 1
        if self._count > MAX_VALUES:
            raise self._error(
                f"Ce fichier tient plus de {MAX_VALUES:,} valeurs.".replace(",", "\u202f"),
                "Vérifiez que c'est bien celui d'une mission ou d'un document.",
                line_at(event),
            )
        if isinstance(event, AliasEvent):
            return self._copy(event, depth)
        self._check_tag(event)
        if event.anchor is None:
            return self._content(event, depth)
        before, self._anchors[event.anchor] = self._count, None
        value = self._content(event, depth)
        self._anchors[event.anchor] = (value, self._count - before + 1)
        if isinstance(event, ScalarEvent):
            self._unused.setdefault(event.anchor, []).append(line_at(event))
        return value

    def _content(self, event: Any, depth: int) -> Any:
        if isinstance(event, CollectionStartEvent):
            build = self._map if isinstance(event, MappingStartEvent) else self._list
            return build(line_at(event), depth)
        tag = event.tag or ""
        written_null = not event.style and event.value in NULLS and not tag.endswith(":str")
        if written_null or tag.endswith(":null"):
            return None
        return RawText(event.value, line_at(event), self._file)

    def _list(self, line: int, depth: int) -> RawList:
        rows = (self._value(event, depth + 1) for event in self._inside())
        return RawList(rows, line, self._file)

    def _map(self, line: int, depth: int) -> RawMap:
        result, merged = RawMap(line=line, file=self._file), list[Any]()
        lines = dict[str, int]()
        for event in self._inside():
            key, line = self._key(event, depth), line_at(event)
            value = self._value(next(self._events), depth + 1)
            if key is None or self._written_twice(key, line, lines):
                continue
            if key == MERGE and not event.style:
                merged += self._bases(value, line)
            else:
                result[key], result.key_lines[key] = value, line
        for base in merged:
            result.update({key: value for key, value in base.items() if key not in result})
            for key, line in base.key_lines.items():
                result.key_lines.setdefault(key, line)
        return result

    def _inside(self) -> Iterator[Any]:
        while not isinstance(event := next(self._events), CollectionEndEvent):
            yield event

    def _key(self, event: Any, depth: int) -> str | None:
        value = self._value(event, depth + 1)
        if not isinstance(value, RawText) or not value.strip():
            self.problem("Une clé doit être un mot.", "Écrivez « clé: valeur ».", line_at(event))
            return None
        if isinstance(event, ScalarEvent) and not event.style and value[0].isspace():
            self.problem(*hard_space(value), line_at(event))
        return str(value).strip()

    def _written_twice(self, key: str, line: int, lines: dict[str, int]) -> bool:
        if key not in lines:
            lines[key] = line
            return False
        lines_said = f"lignes {lines[key]} et {line}" if lines[key] != line else f"ligne {line}"
        self.problem(
            f"La clé {quoted(key)} est écrite deux fois ({lines_said}).",
            "Gardez-en une seule.",
            line,
        )
        return True

    def _bases(self, value: Any, line: int) -> list[RawMap]:
        bases = value if isinstance(value, RawList) else [value]
        if all(isinstance(base, RawMap) for base in bases):
            return list(bases)
        self.problem(
            "« << » ne peut reprendre que des clés.",
            "Faites-le renvoyer à une partie nommée, par exemple « <<: *modele ».",
            line,
        )
        return []

    def _copy(self, event: AliasEvent, depth: int) -> Any:
        name, line = event.anchor or "", line_at(event)
        self._unused.pop(name, None)
        if name not in self._anchors:
            self.problem(
                f"{quoted(f'*{name}')} ne renvoie à rien.",
                "Si c'est un texte, mettez-le entre guillemets droits.",
                line,
            )
            return None
        anchored = self._anchors[name]
        if anchored is None:
            raise self._error(
                f"{quoted(f'*{name}')} se contient lui-même.", "Retirez ce renvoi.", line
            )
        value, size = anchored
        self._count, self._copied = self._count + size, self._copied + size
        if self._copied > MAX_COPIED:
            raise self._error(
                "Les renvois « * » de ce fichier répètent trop de valeurs.",
                "Écrivez les valeurs, ou partagez le fichier.",
                line,
            )
        if depth + _height(value) > MAX_DEPTH + 1:
            raise self._too_deep(line)
        return value

    def _unrepeated(self, name: str, lines: Iterable[int]) -> None:
        for line in lines:
            self.problem(
                f"{quoted(f'&{name}')} disparaîtrait du texte : YAML y lit un nom, que rien ne "
                f"reprend.",
                "Si c'est du texte, mettez toute la valeur entre guillemets droits ; sinon, "
                "retirez ce nom.",
                line,
            )

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in TAGS:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.problem(
                f"L'étiquette {quoted(shown)} n'est pas admise.",
                "Retirez-la ; si c'est un texte, mettez-le entre guillemets.",
                line_at(event),
            )

    def _too_deep(self, line: int) -> InputError:
        return self._error(
            f"Les données sont imbriquées sur plus de {MAX_DEPTH} niveaux.",
            "Vérifiez les crochets, les accolades et les retraits.",
            line,
        )

    def _error(self, message: str, conseil: str, line: int) -> InputError:
        return input_error(message, conseil, line, self._file)


def input_error(message: str, conseil: str, line: int, file: str) -> InputError:
    """Un seul problème d'écriture, à sa ligne."""
    return InputError(Constat(message, fichier=file, ligne=line, conseil=conseil))


def hard_space(key: str | None) -> tuple[str, str]:
    """Ce qui est dit d'une clé, ou d'un tiret, en retrait d'une espace insécable."""
    what = f"La clé {quoted(key)}" if key else "Un tiret de liste"
    return f"{what} suit une espace insécable.", "Remplacez-la par une espace ordinaire."


def line_at(event: Any) -> int:
    """La ligne où un événement commence, à partir de 1."""
    return event.start_mark.line + 1 if event and event.start_mark else 1


def _height(value: Any) -> int:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_height, values), default=0)

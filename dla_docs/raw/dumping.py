"""L'écriture de données en YAML : les textes longs en blocs, entre guillemets ce qui se lirait
autrement.
"""

from __future__ import annotations

from typing import Any

import yaml

from dla_docs.raw.reading import HIDDEN_BREAK


def dumped(value: Any, flow: bool = False, flush: bool = False) -> str:
    """Le texte YAML d'un texte, de clés ou d'une liste, sans fin de ligne ; ``flow`` : sur une
    ligne ; ``flush`` : les tirets d'une liste sous sa clé, sans retrait.
    """
    text = yaml.dump(
        value,
        Dumper=_FlushDumper if flush else _Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=1_000_000,
        default_flow_style=flow,
    )
    return str(text).rstrip("\n").removesuffix("\n...")


class _Dumper(yaml.SafeDumper):
    """PyYAML's writer, with long texts as blocks and every scalar quoted where it could be read as
    something else.
    """

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


class _FlushDumper(_Dumper):
    """The same, the dashes of a list right under its key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        yaml.SafeDumper.increase_indent(self, flow, indentless)


def style_of(text: str) -> str | None:
    """Comment YAML écrit un texte : entre guillemets ce que lui seul prend pour une fin de ligne,
    en bloc plusieurs lignes, tel quel le reste.
    """
    return '"' if HIDDEN_BREAK.search(text) else "|" if "\n" in text else None


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style_of(text))


_Dumper.add_representer(str, _text)

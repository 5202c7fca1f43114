"""Les blocs appariés : chaque bloc se ferme là où il s'ouvre, et n'y coupe rien."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from lxml import etree

from dla_docs.templating.lexer import TagKind
from dla_docs.templating.marks import Marks, Tag
from dla_docs.templating.places import Finding
from dla_docs.word.names import W_TC, W_TR, ancestor, copy_shell, q

SPLITTABLE = frozenset(
    map(q, ["w:ins", "w:moveTo", "w:smartTag", "w:hyperlink", "w:customXml", "w:bdo", "w:dir"])
)

Found = tuple[etree._Element, Tag]


def blocks(root: etree._Element, marks: Marks) -> Iterator[Found]:
    """Les balises de bloc d'une partie, dans l'ordre."""
    for node in root.iter(etree.ProcessingInstruction):
        meaning = marks.of(node)
        if isinstance(meaning, Tag) and meaning.kind is TagKind.BLOCK:
            yield node, meaning


def check_nesting(root: etree._Element, marks: Marks) -> list[Finding]:
    """Les blocs vont par paires, et toutes les balises d'un bloc se tiennent au même endroit : ce
    qui s'imprime ne serait pas du XML sans cela.
    """
    findings: list[Finding] = []
    stack: list[list[Found]] = []
    for node, tag in list(blocks(root, marks)):
        opener = {"endfor": "for"}.get(tag.keyword, "if")
        if tag.keyword in ("if", "for"):
            stack.append([(node, tag)])
        elif not stack or not _continues(stack[-1], tag):
            findings.append(
                Finding(
                    f"« {tag.raw} » ne correspond à aucun « {opener} » ouvert.",
                    tag.place,
                    conseil=_pairing(stack),
                )
            )
        else:
            stack[-1].append((node, tag))
            if tag.keyword.startswith("end"):
                findings += _check_block(stack.pop())
    return findings + [_unclosed(block[0][1]) for block in stack]


def _continues(block: list[Found], tag: Tag) -> bool:
    opener, last = block[0][1].keyword, block[-1][1].keyword
    if tag.keyword in ("elif", "else"):
        return last != "else" and (opener == "if" or tag.keyword == "else")
    return tag.keyword == f"end{opener}"


def _unclosed(tag: Tag) -> Finding:
    return Finding(
        f"« {tag.raw} » n'est jamais fermé.",
        tag.place,
        conseil=f"Ajoutez « {{%{tag.level} end{tag.keyword} %}} ».",
    )


def _pairing(stack: list[list[Found]]) -> str:
    return (
        f"Fermez d'abord « {stack[-1][0][1].raw} » ({stack[-1][0][1].place})."
        if stack
        else "Retirez-le, ou ouvrez le bloc avant."
    )


def _check_block(block: list[Found]) -> Iterator[Finding]:
    nodes = [node for node, _ in block]
    if not _same_parent(nodes):
        for node in nodes:
            _lift(node)
    (first, opener), (last, closer) = block[0], block[-1]
    if not _same_parent(nodes):
        yield Finding(
            f"« {opener.raw} » s'ouvre ici et « {closer.raw} » est ailleurs ({closer.place}).",
            opener.place,
            conseil=_advice(first, last),
        )
    elif cuts_field(_between(first, last)):
        yield cut_field(opener)


def _same_parent(nodes: list[etree._Element]) -> bool:
    return len({node.getparent() for node in nodes}) == 1


def _between(first: etree._Element, last: etree._Element) -> Iterator[etree._Element]:
    return takewhile(lambda sibling: sibling is not last, first.itersiblings())


def cuts_field(elements: Iterable[etree._Element]) -> bool:
    """Dit si un champ de Word commence là sans y finir, ou y finit sans y commencer."""
    depth, kinds = 0, {"begin": 1, "end": -1}
    for element in elements:
        for mark in element.iter(q("w:fldChar")):
            depth += kinds.get(mark.get(q("w:fldCharType"), ""), 0)
            if depth < 0:
                return True
    return depth != 0


def cut_field(tag: Tag) -> Finding:
    """Le défaut d'une balise qui laisse un champ de Word à moitié."""
    return Finding(
        f"le bloc « {tag.raw} » coupe un champ de Word en deux.",
        tag.place,
        conseil="Placez le champ (numéro, renvoi, lien) tout entier dans le bloc, ou dehors.",
    )


def _lift(node: etree._Element) -> None:
    """Out of insertions, links and smart tags, which may be cut in two without harm."""
    parent = node.getparent()
    while parent is not None and parent.tag in SPLITTABLE:
        after = copy_shell(parent)
        move_following(node, after)
        parent.addnext(after)
        parent.addnext(node)
        if len(after) == 0:
            remove(after)
        parent = node.getparent()


def move_following(element: etree._Element, target: etree._Element) -> None:
    """Met dans ``target`` tout ce qui suit cet élément."""
    for sibling in list(element.itersiblings()):
        target.append(sibling)


def remove(node: etree._Element) -> None:
    """Retire cet élément, s'il tient encore à quelque chose."""
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _advice(first: etree._Element, second: etree._Element) -> str:
    rows = ancestor(first, W_TR), ancestor(second, W_TR)
    if None not in rows and rows[0] is not rows[1]:
        return (
            "Pour répéter des lignes, mettez {%tr … %} et {%tr end… %} chacun seul dans sa ligne."
        )
    if (
        rows[0] is not None
        and rows[0] is rows[1]
        and ancestor(first, W_TC) is not ancestor(second, W_TC)
    ):
        return (
            "Pour répéter la ligne, mettez {%tr … %} et {%tr end… %} chacun seul dans une ligne, "
            "avant et après elle."
        )
    return (
        "Pour prendre des paragraphes entiers, mettez {%p … %} et {%p end… %} chacun seul dans "
        "son paragraphe."
    )

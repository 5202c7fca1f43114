"""Les balises de bloc mises à leur niveau : entre deux suites de caractères, paragraphes, lignes ou
cellules.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from dla_docs.templating.lexer import TagKind
from dla_docs.templating.marks import Marks, Tag
from dla_docs.templating.places import Finding, Place
from dla_docs.word.names import (
    W_P,
    W_PPR,
    W_R,
    W_RPR,
    W_T,
    W_TC,
    W_TR,
    ancestor,
    children,
    copy_shell,
    q,
)

LEVELS = {
    "p": (W_P, "un paragraphe"),
    "tr": (W_TR, "une ligne de tableau"),
    "tc": (W_TC, "une cellule"),
}
SPLITTABLE = frozenset(
    map(q, ["w:ins", "w:moveTo", "w:smartTag", "w:hyperlink", "w:customXml", "w:bdo", "w:dir"])
)
INVISIBLE = frozenset(
    map(
        q,
        [
            "w:rPr",
            "w:pPr",
            "w:tcPr",
            "w:trPr",
            "w:tblPrEx",
            "w:proofErr",
            "w:bookmarkStart",
            "w:bookmarkEnd",
            "w:lastRenderedPageBreak",
        ],
    )
)
VISIBLE = frozenset(
    map(
        q,
        [
            "w:br",
            "w:drawing",
            "w:pict",
            "w:object",
            "w:fldChar",
            "w:footnoteReference",
            "w:endnoteReference",
            "w:sym",
        ],
    )
)
BLOCK_WORDS = ("if", "elif", "else", "endif", "for", "endfor")

Found = tuple[etree._Element, Tag]


def hoist_blocks(root: etree._Element, marks: Marks) -> list[Finding]:
    """Met chaque ``{% … %}`` à son niveau et vérifie que chaque bloc s'ouvre et se ferme au même
    endroit.
    """
    findings = [*_check_words(root, marks)]
    for level in LEVELS:
        findings += _replace_holders(root, marks, level)
    cut = [
        run
        for node, tag in list(_blocks(root, marks))
        if tag.level in ("", "r")
        for run in _split_run(node)
    ]
    findings += _check_nesting(root, marks)
    for run in cut:
        _drop_if_empty(run)
    return findings


def _blocks(root: etree._Element, marks: Marks) -> Iterator[Found]:
    for node in root.iter(etree.ProcessingInstruction):
        meaning = marks.of(node)
        if isinstance(meaning, Tag) and meaning.kind is TagKind.BLOCK:
            yield node, meaning


def _check_words(root: etree._Element, marks: Marks) -> Iterator[Finding]:
    for node, tag in list(_blocks(root, marks)):
        if tag.keyword not in BLOCK_WORDS:
            yield Finding(
                f"« {tag.raw} » n'est pas une balise connue.",
                tag.place,
                conseil=(
                    "Les blocs admis sont if, elif, else, endif, for et endfor, avec ou sans p, "
                    "tr ou tc devant."
                ),
            )
            _remove(node)


def _replace_holders(root: etree._Element, marks: Marks, level: str) -> list[Finding]:
    """``{%p %}`` takes the place of its paragraph, ``{%tr %}`` of its row,
    ``{%tc %}`` of its cell."""
    findings: list[Finding] = []
    holders: dict[etree._Element, list[Found]] = {}
    element, what = LEVELS[level]
    for node, tag in list(_blocks(root, marks)):
        if tag.level == level:
            holder = ancestor(node, element)
            if holder is None:
                conseil = f"Écrivez-la sans « {level} », ou déplacez-la dans un tableau."
                findings.append(
                    Finding(f"« {tag.raw} » n'est pas dans {what}.", tag.place, conseil=conseil)
                )
            else:
                holders.setdefault(holder, []).append((node, tag))
    for holder, found in holders.items():
        findings += _check_alone(holder, found, marks, what)
        _replace(holder, [node for node, _ in found])
    return findings


def _check_alone(
    holder: etree._Element, found: list[Found], marks: Marks, what: str
) -> Iterator[Finding]:
    text = "".join(piece.text or "" for piece in holder.iter(W_T)) + "".join(
        node.tail or "" for node in holder.iter(etree.ProcessingInstruction)
    )
    others = sum(
        1 for node in holder.iter(etree.ProcessingInstruction) if marks.of(node) is not None
    ) > len(found)
    drawn = next(holder.iter(*VISIBLE), None) is not None
    if text.strip() or others or drawn:
        tag = found[0][1]
        yield taken_along(tag.raw, what, tag.place)


def taken_along(tag: str, what: str, place: Place) -> Finding:
    """Le défaut d'une balise qui emporte ce qui la tient, où autre chose serait perdu."""
    return Finding(
        f"« {tag} » emporte {what} qui contient autre chose, et cela serait perdu.",
        place,
        conseil=f"Laissez la balise seule dans {what}.",
    )


def _replace(holder: etree._Element, nodes: list[etree._Element]) -> None:
    parent = holder.getparent()
    assert parent is not None
    section = holder.find(f"{W_PPR}/{q('w:sectPr')}") if holder.tag == W_P else None
    for node in nodes:
        node.tail = None
        holder.addprevious(node)
    if section is None:
        parent.remove(holder)
        return
    for child in children(holder)[1:]:  # the paragraph bears a section break: it stays, empty
        holder.remove(child)


def _split_run(node: etree._Element) -> tuple[etree._Element, ...]:
    """Lift a mark out of its text and its run, which are cut in two there."""
    text = node.getparent()
    run = None if text is None else text.getparent()
    if text is None or run is None or text.tag != W_T or run.tag != W_R:
        return ()  # the text of a property, or a field's code: the block stays within it
    after_text = copy_shell(text)
    after_text.text, node.tail = node.tail, None
    _move_following(node, after_text)
    after_run = copy_shell(run)
    properties = run.find(W_RPR)
    if properties is not None:
        after_run.append(deepcopy(properties))
    after_run.append(after_text)
    _move_following(text, after_run)
    run.addnext(after_run)
    run.addnext(node)
    return run, after_run


def _move_following(element: etree._Element, target: etree._Element) -> None:
    for sibling in list(element.itersiblings()):
        target.append(sibling)


def _check_nesting(root: etree._Element, marks: Marks) -> list[Finding]:
    """Blocks must pair, and all tags of a block stand in the same parent, or the output would not
    be XML.
    """
    findings: list[Finding] = []
    stack: list[list[Found]] = []
    for node, tag in list(_blocks(root, marks)):
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
    elif _cuts_field(first, last):
        conseil = "Placez le champ (numéro, renvoi, lien) tout entier dans le bloc, ou dehors."
        yield Finding(
            f"le bloc « {opener.raw} » coupe un champ de Word en deux.",
            opener.place,
            conseil=conseil,
        )


def _same_parent(nodes: list[etree._Element]) -> bool:
    return len({node.getparent() for node in nodes}) == 1


def _cuts_field(first: etree._Element, last: etree._Element) -> bool:
    depth, kinds = 0, {"begin": 1, "end": -1}
    for sibling in first.itersiblings():
        if sibling is last:
            break
        for mark in sibling.iter(q("w:fldChar")):
            depth += kinds.get(mark.get(q("w:fldCharType"), ""), 0)
            if depth < 0:
                return True
    return depth != 0


def _lift(node: etree._Element) -> None:
    """Out of insertions, links and smart tags, which may be cut in two without harm."""
    parent = node.getparent()
    while parent is not None and parent.tag in SPLITTABLE:
        after = copy_shell(parent)
        _move_following(node, after)
        parent.addnext(after)
        parent.addnext(node)
        if len(after) == 0:
            _remove(after)
        parent = node.getparent()


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


def _drop_if_empty(run: etree._Element) -> None:
    for text in run.findall(W_T):
        if not text.text and len(text) == 0:
            run.remove(text)
    if all(child.tag == W_RPR for child in run) and ancestor(run, q("w:sdtContent")) is None:
        _remove(run)


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)

"""Les balises de bloc mises à leur niveau : entre deux suites de caractères, paragraphes, lignes ou
cellules.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from dla_docs.templating.lexer import TagKind
from dla_docs.templating.marks import Marks, Tag
from dla_docs.templating.nesting import (
    Found,
    blocks,
    check_nesting,
    cut_field,
    cuts_field,
    move_following,
    remove,
)
from dla_docs.templating.places import Finding, Place
from dla_docs.word.names import (
    W_P,
    W_PPR,
    W_R,
    W_RPR,
    W_SDT,
    W_SDTCONTENT,
    W_T,
    W_TBL,
    W_TC,
    W_TR,
    ancestor,
    children,
    copy_shell,
    q,
)
from dla_docs.word.names import element as empty

LEVELS = {
    "p": (W_P, "un paragraphe"),
    "tr": (W_TR, "une ligne de tableau"),
    "tc": (W_TC, "une cellule"),
}
WIDEST = ("tr", "tc", "p")
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
BR, LINE = q("w:br"), "textWrapping"
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
HOLDS = {W_TR: W_TC, W_TBL: W_TR, W_SDTCONTENT: "*", W_SDT: W_SDTCONTENT}
ENDED = frozenset(
    map(q, ["w:hdr", "w:ftr", "w:footnote", "w:endnote", "w:comment", "w:txbxContent", "w:tc"])
)
BLOCK_WORDS = ("if", "elif", "else", "endif", "for", "endfor")


def hoist_blocks(root: etree._Element, marks: Marks) -> list[Finding]:
    """Met chaque ``{% … %}`` à son niveau et vérifie que chaque bloc s'ouvre et se ferme au même
    endroit.
    """
    findings = [*_drop_commented(root, marks), *_check_words(root, marks)]
    for level in LEVELS:
        findings += _replace_holders(root, marks, level)
    cut = [
        run
        for node, tag in list(blocks(root, marks))
        if tag.level in ("", "r")
        for run in _split_run(node)
    ]
    findings += check_nesting(root, marks)
    for run in cut:
        _drop_if_empty(run)
    return findings


def _drop_commented(root: etree._Element, marks: Marks) -> list[Finding]:
    """``{#p … #}`` takes its paragraph away, ``{#tr … #}`` its row, ``{#tc … #}`` its cell, with
    all that they hold.
    """
    findings: list[Finding] = []
    for node, tag in sorted(_remarks(root, marks), key=lambda one: WIDEST.index(one[1].level)):
        if root not in node.iterancestors():
            continue  # a wider remark has taken it away already
        element, what = LEVELS[tag.level]
        holder = ancestor(node, element)
        if holder is None:
            findings.append(_misplaced(tag, what))
            remove(node)
        elif cuts_field([holder]):
            findings.append(cut_field(tag))
        elif (parent := holder.getparent()) is not None:
            _replace(holder, [])
            _close_up(parent)
    return findings


def _remarks(root: etree._Element, marks: Marks) -> Iterator[Found]:
    for node in root.iter(etree.ProcessingInstruction):
        meaning = marks.of(node)
        if isinstance(meaning, Tag) and meaning.kind is TagKind.COMMENT:
            yield node, meaning


def _close_up(parent: etree._Element) -> None:
    """What is left with nothing in it goes too; a cell or a header keeps an empty paragraph."""
    while parent.tag in HOLDS and next(parent.iterdescendants(HOLDS[parent.tag]), None) is None:
        above = parent.getparent()
        assert above is not None
        above.remove(parent)
        parent = above
    if parent.tag in ENDED and (len(parent) == 0 or parent[-1].tag not in (W_P, W_SDT)):
        parent.append(empty("w:p"))


def _check_words(root: etree._Element, marks: Marks) -> Iterator[Finding]:
    for node, tag in list(blocks(root, marks)):
        if tag.keyword not in BLOCK_WORDS:
            yield Finding(
                f"« {tag.raw} » n'est pas une balise connue.",
                tag.place,
                conseil=(
                    "Les blocs admis sont if, elif, else, endif, for et endfor, avec ou sans p, "
                    "tr ou tc devant."
                ),
            )
            remove(node)


def _replace_holders(root: etree._Element, marks: Marks, level: str) -> list[Finding]:
    """``{%p %}`` takes the place of its paragraph, ``{%tr %}`` of its row,
    ``{%tc %}`` of its cell."""
    findings: list[Finding] = []
    holders: dict[etree._Element, list[Found]] = {}
    element, what = LEVELS[level]
    for node, tag in list(blocks(root, marks)):
        if tag.level == level:
            holder = ancestor(node, element)
            if holder is None:
                findings.append(_misplaced(tag, what))
            else:
                holders.setdefault(holder, []).append((node, tag))
    for holder, found in holders.items():
        findings += _check_alone(holder, found, marks, what)
        _replace(holder, [node for node, _ in found])
    return findings


def _misplaced(tag: Tag, what: str) -> Finding:
    conseil = f"Écrivez-la sans « {tag.level} », ou déplacez-la dans un tableau."
    return Finding(f"« {tag.raw} » n'est pas dans {what}.", tag.place, conseil=conseil)


def _check_alone(
    holder: etree._Element, found: list[Found], marks: Marks, what: str
) -> Iterator[Finding]:
    text = "".join(piece.text or "" for piece in holder.iter(W_T)) + "".join(
        node.tail or "" for node in holder.iter(etree.ProcessingInstruction)
    )
    others = sum(
        1 for node in holder.iter(etree.ProcessingInstruction) if marks.of(node) is not None
    ) > len(found)
    if text.strip() or others or draws(holder):
        tag = found[0][1]
        yield taken_along(tag.raw, what, tag.place)


def draws(holder: etree._Element) -> bool:
    """Vrai de ce qui montre autre chose que du texte ; une fin de ligne n'en est pas."""
    return not all(map(ends_line, holder.iter(*VISIBLE)))


def ends_line(element: etree._Element) -> bool:
    """Vrai d'une fin de ligne, et non de page ou de colonne."""
    return element.tag == BR and element.get(q("w:type"), LINE) == LINE


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
    move_following(node, after_text)
    after_run = copy_shell(run)
    properties = run.find(W_RPR)
    if properties is not None:
        after_run.append(deepcopy(properties))
    after_run.append(after_text)
    move_following(text, after_run)
    run.addnext(after_run)
    run.addnext(node)
    return run, after_run


def _drop_if_empty(run: etree._Element) -> None:
    for text in run.findall(W_T):
        if not text.text and len(text) == 0:
            run.remove(text)
    if all(child.tag == W_RPR for child in run) and ancestor(run, q("w:sdtContent")) is None:
        remove(run)

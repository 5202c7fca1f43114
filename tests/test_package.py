"""Ouvrir un fichier Word venu du dehors : ce qui est bon s'ouvre, ce qui ne l'est pas a chacun sa
phrase, rien d'autre ne sort.
"""

from __future__ import annotations

import os
import re
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs.errors import PackageError
from dla_docs.word import package
from dla_docs.word.fetching import external_links
from dla_docs.word.package import open_package, parse_part, relationships
from tests.word_packages import (
    MAIN,
    R_XMLNS,
    RELS,
    W_XMLNS,
    default_docx,
    default_parts,
    saved,
    with_body,
    with_relationship,
    zipped,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENGLISH = re.compile(
    r"\b(not|file|zip file|Bad|Error|Errno|No such|directory|permission|invalid|syntax)\b",
    re.IGNORECASE,
)


def refused(source: bytes | str | Path, name: str = "") -> str:
    """What the user reads."""
    with pytest.raises(PackageError) as caught:
        open_package(source, name)
    assert not ENGLISH.search(str(caught.value)), str(caught.value)
    assert len(caught.value.constats) == 1 and caught.value.constats[0].conseil
    return str(caught.value)


def ole(stream: str) -> bytes:
    return OLE + b"\0" * 1000 + stream.encode("utf-16-le") + b"\0" * 500


def with_parts(**changes: bytes) -> bytes:
    return zipped({**default_parts(), **changes})


# Ce qui s'ouvre


def test_un_document_s_ouvre_depuis_un_chemin_un_texte_ou_des_octets(tmp_path: Path) -> None:
    path = saved(tmp_path, default_docx())
    assert (
        open_package(path)
        == open_package(str(path))
        == open_package(path.read_bytes())
        == default_parts()
    )


def test_un_modele_dotx_s_ouvre() -> None:
    parts = default_parts()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"document.main+xml", b"template.main+xml"
    )
    assert open_package(zipped(parts)) == parts


def test_les_dossiers_de_l_archive_ne_sont_pas_des_parties() -> None:
    assert open_package(zipped([("word/", b""), *default_parts().items()])) == default_parts()


def test_le_texte_nomme_document2_par_word_en_ligne_prend_son_nom_habituel() -> None:
    parts = {
        name.replace("document.xml", "document2.xml"): content
        for name, content in default_parts().items()
    }
    for name in ("[Content_Types].xml", "_rels/.rels"):
        parts[name] = parts[name].replace(b"word/document.xml", b"word/document2.xml")
    assert "word/document.xml" not in parts
    opened = open_package(zipped(parts))
    assert opened == default_parts()


def test_des_octets_ajoutes_apres_la_fin_ne_genent_pas() -> None:
    assert open_package(default_docx() + b"\r\n") == default_parts()


# Ce qui n'est pas un .docx : à chacun sa phrase

PDF = b"%PDF-1.7\n1 0 obj"
FOREIGN = {
    "vide": (b"", "Ce fichier est vide."),
    "zeros": (b"\0" * 5000, "ne contient que des zéros"),
    "doc": (ole("WordDocument"), "d'avant 2007 (.doc)"),
    "mot_de_passe": (ole("EncryptedPackage"), "protégé par un mot de passe"),
    "xls": (ole("Workbook"), "classeur Excel (.xls)"),
    "ppt": (ole("PowerPoint Document"), "PowerPoint (.ppt)"),
    "message_outlook": (ole("__properties_version1.0") + ole("WordDocument"), "message Outlook"),
    "ole_inconnu": (OLE + b"\0" * 600, "ancien fichier Office"),
    "rtf": (b"{\\rtf1\\ansi Bonjour}", "document RTF"),
    "pdf": (PDF, "C'est un PDF"),
    "pdf_decale": (b"\r\n\r\n" + PDF, "C'est un PDF"),
    "html": (b"<!DOCTYPE html>\n<html><body>Bonjour</body></html>", "page web"),
    "html_de_word": (
        b'\xef\xbb\xbf<html xmlns:o="urn:schemas-microsoft-com:office:office">',
        "page web",
    ),
    "xhtml": (b'<?xml version="1.0"?>\n<!-- x --><html>', "page web"),
    "mhtml": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "message électronique"),
    "eml": (b"Received: from mx by mx; Mon, 1 Jan 2024\r\n", "message électronique"),
    "flat_opc": (
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        b'<pkg:package xmlns:pkg="x">',
        "enregistré en XML",
    ),
    "word_2003_xml": (
        b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">',
        "enregistré en XML",
    ),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "C'est une image"),
    "png": (b"\x89PNG\r\n\x1a\n", "C'est une image"),
    "tiff": (b"II*\0\x08\0\0\0", "C'est une image"),
    "heic": (b"\0\0\0\x18ftypheic", "C'est une image"),
    "rar": (b"Rar!\x1a\x07\0", "archive compressée"),
    "apple_double": (b"\0\5\x16\7\0\2\0\0Mac OS X", "fichier caché de macOS"),
    "texte": ("Bonjour, voici ma réponse.".encode(), "Ce n'est pas un document Word (.docx)."),
    "hasard": (bytes(range(1, 200)), "Ce n'est pas un document Word (.docx)."),
    "fodt": (
        b'<?xml version="1.0"?>'
        b'<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">',
        "OpenDocument",
    ),
    "odt": (
        zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
        "OpenDocument",
    ),
    "xlsx": (
        zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}),
        "classeur Excel (.xlsx)",
    ),
    "pptx": (
        zipped({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<x/>"}),
        "PowerPoint (.pptx)",
    ),
    "pages": (zipped({"Index/Document.iwa": b"x"}), "Pages d'Apple"),
    "zip_de_documents": (
        zipped({"envoi/retour.docx": b"x"}),
        "archive zip qui contient des documents",
    ),
    "zip": (zipped({"photo.jpg": b"x"}), "C'est une archive zip, et non"),
    "zip_vide": (zipped({}), "C'est une archive zip, et non"),
    "sans_texte": (
        zipped({"[Content_Types].xml": b"<Types/>", "word/styles.xml": b"<x/>"}),
        "incomplet : son texte manque",
    ),
}


@pytest.mark.parametrize(("data", "sentence"), FOREIGN.values(), ids=FOREIGN.keys())
def test_ce_qui_n_est_pas_un_docx_est_reconnu(data: bytes, sentence: str) -> None:
    message = refused(data, "retour.docx")
    assert message.startswith("retour.docx : ")
    assert sentence in message


def test_le_fichier_de_verrou_de_word_est_reconnu_a_son_nom(tmp_path: Path) -> None:
    assert "verrou de Word" in refused(saved(tmp_path, b"\x05Marie" + b" " * 100, "~$retour.docx"))


@pytest.mark.parametrize("kept", [20, 0.3, 0.9, -3])
def test_un_fichier_tronque_est_dit_tronque(kept: float) -> None:
    data = default_docx()
    assert "tronqué" in refused(data[: int(kept * len(data)) if 0 < kept < 1 else int(kept)])


def test_un_chemin_qui_ne_mene_a_rien_de_lisible_est_dit(tmp_path: Path) -> None:
    assert f"{tmp_path / 'absent.docx'} : Ce fichier n'existe pas." in refused(
        tmp_path / "absent.docx"
    )
    assert "C'est un dossier" in refused(tmp_path)
    assert "n'existe pas" in refused(saved(tmp_path, b"x") / "dessous.docx")
    assert "caractère interdit" in refused("re\0tour.docx")


@pytest.mark.skipif(
    sys.platform == "win32" or getattr(os, "geteuid", lambda: 1)() == 0,
    reason="les droits ne retiennent pas l'administrateur",
)
def test_un_fichier_sans_droit_de_lecture_est_dit(tmp_path: Path) -> None:
    path = saved(tmp_path, default_docx())
    path.chmod(0)
    assert "pas le droit de lire" in refused(path)


def test_un_droit_refuse_est_dit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path, b"")
    monkeypatch.setattr("builtins.open", denied)
    assert "pas le droit de lire" in refused(path)


def test_le_nom_donne_remplace_le_chemin_dans_le_message(tmp_path: Path) -> None:
    assert refused(saved(tmp_path, b""), "la réponse de Paul").startswith("la réponse de Paul : ")


# Ce qui est hostile


@pytest.mark.parametrize(
    "name",
    [
        "../a.xml",
        "word/../../a.xml",
        "/etc/passwd",
        "word\\..\\..\\a.xml",
        "\\\\serveur\\a.xml",
        "C:\\a.xml",
        "C:/a.xml",
        "word//a.xml",
        "./a.xml",
        "word/\x01.xml",
    ],
)
def test_un_nom_de_partie_dangereux_est_refuse(name: str) -> None:
    assert "nom dangereux" in refused(zipped([*default_parts().items(), (name, b"<x/>")]))


def test_des_noms_a_barres_inversees_se_lisent() -> None:
    parts = default_parts()
    odd = {name.replace("/", "\\"): content for name, content in parts.items()}
    assert open_package(zipped({**odd, "word\\": b""})) == open_package(zipped(parts))


def test_un_nom_coupe_par_un_octet_nul_est_refuse() -> None:
    data = zipped([*default_parts().items(), ("word/aXb.xml", b"<x/>")]).replace(
        b"word/aXb.xml", b"word/a\0b.xml"
    )
    assert "nom dangereux" in refused(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")  # zipfile warns the test that writes it
@pytest.mark.parametrize("name", ["word/document.xml", "WORD/Document.xml"])
def test_deux_parties_de_meme_nom_sont_refusees(name: str) -> None:
    assert "contient deux fois" in refused(zipped([*default_parts().items(), (name, b"<x/>")]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("part", [MAIN, "customXml/item1.xml", RELS])
def test_un_doctype_est_refuse_dans_tout_encodage_et_toute_partie(part: str, encoding: str) -> None:
    bomb = (
        f'<?xml version="1.0" encoding="{encoding[:6].rstrip("-")}"?><!-- --><!DOCTYPE a '
        f'[<!ENTITY b "c">]><a>&b;</a>'
    )
    assert "DOCTYPE" in refused(with_parts(**{part: bomb.encode(encoding)}))


def test_le_mot_doctype_dans_le_texte_n_est_pas_refuse() -> None:
    parts = with_body("<w:p><w:r><w:t>&lt;!DOCTYPE html&gt;</w:t></w:r><!-- <!DOCTYPE a> --></w:p>")
    assert open_package(zipped(parts)) == parts


DEEP = b"<a>" * 400 + b"</a>" * 400


@pytest.mark.parametrize(
    "xml",
    [
        b"<a><b></a>",
        b"<x:a/>",
        b"",
        b"texte",
        DEEP,
        b"<a>\xff</a>",
        b"<?xml version='1.0' encoding='klingon'?><a/>",
    ],
)
def test_un_texte_qui_n_est_pas_du_xml_est_abime(xml: bytes) -> None:
    message = refused(with_parts(**{MAIN: xml}))
    assert "abîmé" in message and "word/document.xml" in message


def test_une_racine_etrangere_est_abimee() -> None:
    assert "abîmé" in refused(with_parts(**{MAIN: b"<html/>"}))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/vbaProject.bin", b"x"),
        (
            "[Content_Types].xml",
            default_parts()["[Content_Types].xml"].replace(
                b"document.main+xml", b"document.macroEnabled.main+xml"
            ),
        ),
        (
            "[Content_Types].xml",
            default_parts()["[Content_Types].xml"].replace(
                b"application/xml", b"application/vnd.ms-office.vbaProject"
            ),
        ),
    ],
)
def test_les_macros_sont_refusees(part: str, content: bytes) -> None:
    assert "macros" in refused(with_parts(**{part: content}))


def with_object(name: str, content: bytes) -> dict[str, bytes]:
    """As Word keeps the workbook of a chart, which it says « macroEnabled » of any binary one."""
    types = default_parts()["[Content_Types].xml"].replace(
        b"<Default ",
        b'<Default Extension="xlsb" '
        b'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.12"/><Default ',
        1,
    )
    assert b"xlsb" in types
    return {"[Content_Types].xml": types, f"word/embeddings/{name}": content}


def test_le_classeur_binaire_d_un_graphique_n_est_pas_une_macro() -> None:
    assert open_package(with_parts(**with_object("c.xlsb", b"PK xl/workbook.bin")))


@pytest.mark.parametrize("held", [b"PK xl/vbaProject.bin", b"PK xl/macrosheets/sheet1.bin"])
def test_les_macros_d_un_objet_incorpore_sont_refusees_sous_son_nom(held: bytes) -> None:
    message = refused(with_parts(**with_object("c.xlsx", held)))
    assert "un objet qui a des macros (« word/embeddings/c.xlsx »)" in message
    assert "sans macro" in message


def test_le_format_strict_est_refuse_avec_son_remede() -> None:
    strict = default_parts()[MAIN].replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    message = refused(with_parts(**{MAIN: strict}))
    assert "strict" in message and "Document Word (.docx)" in message


def test_un_texte_qui_n_est_pas_celui_que_word_ouvrirait_est_refuse() -> None:
    parts = {**default_parts(), "word/autre.xml": default_parts()[MAIN]}
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", b"word/autre.xml")
    assert "abîmé" in refused(zipped(parts))


def test_une_archive_chiffree_est_dite_protegee() -> None:
    data = bytearray(default_docx())
    start = data.index(b"PK\1\2")
    data[start + 8] |= 1
    assert "mot de passe" in refused(bytes(data))


def test_une_compression_inconnue_de_word_est_refusee() -> None:
    assert "compressée d'une façon" in refused(zipped(default_parts(), zipfile.ZIP_BZIP2))


def test_trop_de_parties_sont_refusees() -> None:
    assert "plus de parties qu'aucun document" in refused(
        zipped([*default_parts().items(), *((f"word/media/{n}.png", b"") for n in range(2000))])
    )


def test_un_repertoire_demesure_est_refuse_avant_d_etre_lu(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped([(f"{n}", b"") for n in range(20_001)])
    monkeypatch.delattr(zipfile, "ZipFile")
    assert "plus de parties qu'aucun document" in refused(data)


def test_un_fichier_de_plus_de_50_mo_est_refuse(tmp_path: Path) -> None:
    path = tmp_path / "gros.docx"
    with path.open("wb") as stream:
        stream.write(b"PK\3\4")
        stream.truncate(51 * 1024 * 1024)
    assert "dépasse 50 Mo" in refused(path)


def test_une_bombe_est_refusee_quelle_que_soit_la_taille_qu_elle_annonce() -> None:
    data = bytearray(with_parts(**{"word/media/image1.png": b"\0" * 30_000_000}))
    assert len(data) < 200_000
    assert "anormalement gros" in refused(bytes(data))
    entry = data.rindex(b"word/media/image1.png") - 46
    assert data[entry : entry + 4] == b"PK\1\2"
    struct.pack_into("<L", data, entry + 20, 29_000_000)  # says that it is hardly compressed
    assert "anormalement gros" in refused(bytes(data)) or "abîmé" in refused(bytes(data))
    struct.pack_into("<L", data, entry + 24, 10)  # says that it is small
    refused(bytes(data))


def test_une_bombe_cachee_parmi_des_images_est_refusee() -> None:
    assert "anormalement gros" in refused(
        with_parts(
            **{"word/media/1.png": os.urandom(1_000_000), "word/media/2.png": b"\0" * 6_000_000}
        )
    )


def test_un_total_demesure_est_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    images = {f"word/media/{n}.png": os.urandom(1_000_000) for n in range(4)}
    assert open_package(with_parts(**images))
    monkeypatch.setattr(package, "MAX_UNPACKED", 4_000_000)  # more than any part, less than all
    assert "anormalement gros" in refused(with_parts(**images))


def test_une_partie_xml_demesuree_est_refusee(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_XML", 500_000)
    parts = default_parts()
    big = b"<x>" + os.urandom(300_000).hex().encode() + b"</x>"
    assert "anormalement gros" in refused(zipped({**parts, "customXml/item9.xml": big}))
    assert open_package(zipped({**parts, "word/media/image.png": big}))


def test_une_partie_alteree_est_dite_abimee() -> None:
    data = bytearray(zipped(default_parts(), zipfile.ZIP_STORED))
    data[data.index(b"<w:body>") + 3] ^= 1
    assert "abîmé" in refused(bytes(data))


@given(st.data())
def test_aucune_erreur_etrangere_ne_sort_de_quelques_octets_abimes(data: st.DataObject) -> None:
    content = bytearray(DEFAULT)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        external_links(
            open_package(
                bytes(content[: data.draw(st.integers(0, len(content)) | st.just(len(content)))])
            )
        )
    except PackageError as error:
        assert not ENGLISH.search(str(error)), str(error)


DEFAULT = default_docx()
DIRECTORY = DEFAULT.index(b"PK\1\2")


@given(
    st.lists(
        st.tuples(st.integers(DIRECTORY, len(DEFAULT) - 1), st.integers(0, 255)),
        min_size=1,
        max_size=8,
    )
)
def test_aucune_erreur_etrangere_ne_sort_d_un_repertoire_abime(
    changes: list[tuple[int, int]],
) -> None:
    content = bytearray(DEFAULT)
    for place, byte in changes:
        content[place] = byte
    try:
        open_package(bytes(content))
    except PackageError as error:
        assert not ENGLISH.search(str(error)), str(error)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\3\4", b"PK\5\6", OLE, b"{\\rtf", b"<", b"<?xml", b"<!--" * 200]),
)
def test_des_octets_quelconques_sont_refuses_en_francais(data: bytes, start: bytes) -> None:
    refused(start + data)


# Lire une partie


@pytest.mark.parametrize(
    "xml",
    [b"<a><b></a>", b"", b"<!DOCTYPE a><a/>", b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"],
)
def test_parse_part_refuse_en_nommant_la_partie(xml: bytes) -> None:
    with pytest.raises(PackageError, match=r"word/document\.xml"):
        parse_part(xml, MAIN)


def test_parse_part_ne_lit_aucun_fichier_du_disque(tmp_path: Path) -> None:
    secret = saved(tmp_path, b"secret", "secret.txt")
    with pytest.raises(PackageError):
        parse_part(
            f'<!DOCTYPE a [<!ENTITY s SYSTEM "{secret.as_uri()}">]><a>&s;</a>'.encode(), MAIN
        )


# Suivre les liens


def test_les_liens_d_une_partie_nomment_les_parties_du_paquet() -> None:
    parts = with_relationship("image", "../media/un%20logo.png", part="word/headers/header1.xml")
    [link] = relationships(parts, "word/headers/header1.xml")
    assert (link.kind, link.target, link.external) == ("image", "word/media/un logo.png", False)
    [link] = relationships(
        with_relationship("image", "/word/media/a.png", part="word/x.xml"), "word/x.xml"
    )
    assert link.target == "word/media/a.png"
    assert relationships(parts, "word/absent.xml") == []


def test_un_document_ordinaire_ne_va_rien_chercher_ailleurs() -> None:
    assert external_links(default_parts()) == []


@pytest.mark.parametrize(
    "kind", ["image", "oleObject", "linkedFile", "frame", "subDocument", "attachedTemplate"]
)
def test_les_fichiers_lies_sont_listes(kind: str) -> None:
    assert external_links(with_relationship(kind, "http://exemple.fr/x", external=True)) == [
        "http://exemple.fr/x"
    ]


@pytest.mark.parametrize(
    "target",
    ["http://exemple.fr/x.png", "file:///C:/x.png", "\\\\serveur\\x.png", "//exemple.fr/x.png"],
)
def test_une_adresse_est_listee_meme_si_elle_se_dit_interne(target: str) -> None:
    assert external_links(with_relationship("image", target)) == [target]


def test_un_document_a_importer_est_liste() -> None:
    assert external_links(with_relationship("aFChunk", "import.html")) == ["word/import.html"]


def test_les_liens_hypertextes_ne_genent_pas() -> None:
    parts = with_relationship("hyperlink", "http://exemple.fr", external=True)
    assert external_links(with_body(field(' HYPERLINK "http://exemple.fr/LINK x" '), parts)) == []


def field(*codes: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r>'
        '<w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def test_les_champs_qui_vont_chercher_un_fichier_sont_listes_meme_coupes() -> None:
    assert external_links(with_body(field(" INCLUDE", 'PICTURE "http://x.fr/a.png" '))) == [
        'INCLUDEPICTURE "http://x.fr/a.png"'
    ]
    assert external_links(with_body('<w:p><w:fldSimple w:instr="DDEAUTO cmd x"/></w:p>')) == [
        "DDEAUTO cmd x"
    ]
    nested = field(" INCLUDETEXT ").replace("</w:p>", "").replace("<w:p>", "<w:p>", 1)
    assert external_links(with_body(nested + "</w:p>")) == ["INCLUDETEXT"]


def test_un_champ_imbrique_ne_cache_pas_celui_qui_le_contient() -> None:
    inner = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>MERGEFIELD '
        'x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    outer = field('INCLUDETEXT "').replace(
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        f'{inner}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
    )
    assert external_links(with_body(outer)) == ['INCLUDETEXT "']


def test_un_champ_dont_un_autre_fait_le_nom_est_liste() -> None:
    begin, cut, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )

    def code(text: str) -> str:
        return f"<w:r><w:instrText>{text}</w:instrText></w:r>"

    made_up = f"{begin}{code('QUOTE 68 68 69')}{cut}<w:r><w:t>DDE</w:t></w:r>{end}"
    for start in ("", " ", " D"):
        body = f"<w:p>{begin}{code(start)}{made_up}{code(' cmd x')}{end}</w:p>"
        [found] = external_links(with_body(body))
        assert found == f"{start.strip()}{{…}} cmd x"
    for whole in (
        f"{begin}{code('IF ')}{made_up}{code(' = 1 a b')}{end}",
        f"{begin}{code('=')}{made_up}{code('+1')}{end}",
        f"{begin}{code('FORMTEXT')}{cut}{made_up}{end}",
    ):
        assert external_links(with_body(f"<w:p>{whole}</w:p>")) == []


def test_une_image_collee_d_un_courriel_ne_gene_pas() -> None:
    assert external_links(with_body(field(' INCLUDEPICTURE "cid:image001.png@01D0" '))) == []


def test_une_image_vml_liee_est_listee() -> None:
    image = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
        '<v:imagedata src="http://x.fr/a.png"/></v:shape></w:pict></w:r></w:p>'
    )
    assert external_links(with_body(image)) == ["http://x.fr/a.png"]


def test_le_modele_attache_disparait_sans_erreur() -> None:
    parts = with_relationship(
        "attachedTemplate",
        "file:///C:/Modeles/secret.dotx",
        external=True,
        part="word/settings.xml",
    )
    inside = '<w:zoom w:percent="90"/><w:attachedTemplate r:id="rIdX"/><w:evenAndOddHeaders/>'
    parts["word/settings.xml"] = f"<w:settings {W_XMLNS} {R_XMLNS}>{inside}</w:settings>".encode()
    opened = open_package(zipped(parts))
    settings = parse_part(opened["word/settings.xml"], "word/settings.xml")
    assert [child.tag.partition("}")[2] for child in settings] == ["zoom", "evenAndOddHeaders"]
    assert all(b"secret.dotx" not in content for content in opened.values())
    assert external_links(opened) == []

"""Ce qu'un modèle Word garde pour son auteur n'est pas dans les documents qu'on en fait."""

from __future__ import annotations

import re

import pytest

from dla_docs.constat import Constat, bloquants
from dla_docs.templating import lint
from dla_docs.word.package import open_package
from tests.templating.test_parts import story
from tests.templating.word import findings, p, r, render, sdt, template
from tests.word_packages import default_parts, with_relationship

HOME = "C:\\\\Users\\\\j.exemple\\\\Modèles\\\\"


def told(source: bytes) -> list[Constat]:
    return list(lint(source))


def test_le_dossier_ou_etait_le_modele_n_est_pas_dans_ses_documents() -> None:
    parts = default_parts()
    app = parts["docProps/app.xml"].decode()
    assert "<Template>" in app
    before, _, after = app.partition("<Template>")
    kept = f"{before}<Template>{HOME}lettre.dotx{after[after.index('</Template>') :]}"
    parts["docProps/app.xml"] = kept.encode()
    source = template("{{ nom }}", parts=parts)
    (said,) = told(source)
    assert "le dossier où il était" in said.message and not bloquants([said])
    made = open_package(render(source, {"nom": "Alpha"}))
    assert b"<Template>lettre.dotx</Template>" in made["docProps/app.xml"]
    assert not any(b"j.exemple" in content for content in made.values())


def test_les_donnees_d_un_autre_document_ne_partent_pas() -> None:
    parts = with_relationship("customXml", "../customXml/item7.xml")
    parts["customXml/item7.xml"] = b"<dla>Secret d'une autre mission</dla>"
    source = template("{{ nom }}", parts=parts)
    (said,) = told(source)
    assert "des données d'un autre programme" in said.message
    made = open_package(render(source, {"nom": "Alpha"}))
    assert not any(b"Secret" in content or b"item7" in content for content in made.values())


def drawn_box(hidden: str, body: str) -> str:
    """Une zone de texte, comme Word l'écrit."""
    return (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:extent cx="900000" cy="300000"/><wp:docPr id="7" name="Zone" '
        f'{hidden}/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:txbx><w:txbxContent>{body}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def vml_box(style: str, body: str) -> str:
    """La même, d'un Word plus ancien."""
    return (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" id="z" '
        f'style="{style}"><v:textbox><w:txbxContent>{body}</w:txbxContent></v:textbox></v:shape>'
        "</w:pict></w:r>"
    )


@pytest.mark.parametrize(
    "body",
    [
        p(r("Ne pas dire au client", "<w:vanish/>")),
        p(r("{{ nom }}", "<w:vanish/>")),
        p(sdt("nom", properties="<w:vanish/>")),
        p(drawn_box('hidden="1"', p("Ne pas dire au client"))),
        p(drawn_box('hidden="true"', p("{{ nom }}"))),
        p(vml_box("width:90pt;visibility:hidden", p("{{ nom }}"))),
    ],
)
def test_un_texte_masque_ne_part_pas(body: str) -> None:
    said = findings(template(body))
    assert len(said) == 1 and "un texte masqué" in said[0]


def test_une_zone_de_texte_qui_se_voit_s_imprime() -> None:
    assert findings(template(p(drawn_box('hidden="0"', p("{{ nom }}"))))) == []
    assert findings(template(p(vml_box("width:90pt", p("{{ nom }}"))))) == []


def test_une_balise_de_bloc_masquee_ne_laisse_rien() -> None:
    hidden = [r(one, "<w:vanish/>") for one in ("{% if nom %}", "{% endif %}")]
    assert findings(template(p(hidden[0], r("oui"), hidden[1]))) == []


def test_un_commentaire_sans_balise_est_dit() -> None:
    parts = story("comments", f'<w:comment w:id="1" w:author="A">{p("à revoir !")}</w:comment>')
    (said,) = told(template("{{ nom }}", parts=parts))
    assert "le commentaire « à revoir ! » irait dans ses documents" in said.message
    assert not bloquants([said])


RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
THUMBNAIL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"
ATTACHED = f'<w:attachedTemplate xmlns:r="{RELATION}" r:id="rId1"/>'
OFFICE = 'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"


def attached(kind: str, target: str = "file:///C:/j.exemple/DLA.dotm", around: str = "{}") -> bytes:
    """Un modèle fait d'après un autre que Normal, comme Word et d'autres programmes l'écrivent."""
    parts = default_parts()
    settings = parts["word/settings.xml"].decode()
    at = settings.index(">", settings.index("<w:settings")) + 1
    made = f"{settings[:at]}{around.format(ATTACHED)}{settings[at:]}"
    parts["word/settings.xml"] = made.encode()
    parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    ).encode()
    return template("{{ nom }}", parts=parts)


@pytest.mark.parametrize(
    "source",
    [
        attached(f"{RELATION}/attachedTemplate"),
        attached(f"{RELATION}/attachedTemplate", "https://exemple.fr/DLA.dotx"),
        attached(f"{RELATION}/AttachedTemplate"),
        attached(f"{RELATION}/&#97;ttachedTemplate"),
        attached(f"{RELATION}/hyperlink"),
        attached(
            f"{RELATION}/attachedTemplate",
            around="<mc:AlternateContent xmlns:mc="
            '"http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Fallback>{}'
            "</mc:Fallback></mc:AlternateContent>",
        ),
    ],
)
def test_le_modele_dont_il_vient_n_est_pas_refuse_et_ne_part_pas(source: bytes) -> None:
    (said,) = told(source)
    assert "le lien vers le modèle dont il vient" in said.message and not bloquants([said])
    made = open_package(render(source, {"nom": "Alpha"}), attached=True)
    assert not any(b"DLA.dot" in one or b"attachedTemplate" in one for one in made.values())


def of_people(shown: str = "") -> bytes:
    """Un modèle qui garde des noms et une image ; ``shown`` : ce que sa page en montre."""
    parts = default_parts()
    links = parts["_rels/.rels"].decode()
    link = f'<Relationship Id="rIdT" Type="{THUMBNAIL}" Target="docProps/thumbnail.jpeg"/>'
    parts["_rels/.rels"] = links.replace("</Relationships>", f"{link}</Relationships>").encode()
    parts["docProps/thumbnail.jpeg"] = b"\xff\xd8\xff une ancienne lettre"
    app = "<Manager>Maude Exemple</Manager><Company>Ancien Employeur</Company>"
    parts["docProps/app.xml"] = (
        f'<Properties {OFFICE}extended-properties">{app}</Properties>'.encode()
    )
    core = parts["docProps/core.xml"].decode()
    core = re.sub(r"<cp:lastModifiedBy>.*?</cp:lastModifiedBy>|<cp:lastModifiedBy/>", "", core)
    core = re.sub(r"<dc:creator>.*?</dc:creator>|<dc:creator/>", "", core)
    people = "<dc:creator>Aude Exemple</dc:creator><cp:lastModifiedBy>Luc Exemple"
    parts["docProps/core.xml"] = core.replace(
        "</cp:coreProperties>", f"{people}</cp:lastModifiedBy></cp:coreProperties>"
    ).encode()
    return template("{{ nom }}", *([shown] if shown else []), parts=with_custom(parts))


def with_custom(parts: dict[str, bytes]) -> dict[str, bytes]:
    types = parts["[Content_Types].xml"].decode()
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    named = f'<Override PartName="/docProps/custom.xml" ContentType="{kind}"/></Types>'
    about = '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" '
    rows = "".join(
        f'{about}pid="{rank}" name="{name}"><vt:lpwstr>{said}</vt:lpwstr></property>'
        for rank, (name, said) in enumerate(
            (("Client", "Zoé Exemple"), ("Rempli", "{{ nom }}"), ("Client final", "Léa")), start=2
        )
    )
    links = parts["_rels/.rels"].decode()
    link = f'<Relationship Id="rIdC" Type="{RELATION}/custom-properties" '
    link += 'Target="docProps/custom.xml"/>'
    custom = f'<Properties {OFFICE}custom-properties" xmlns:vt="{VALUES}">{rows}</Properties>'
    return {
        **parts,
        "[Content_Types].xml": types.replace("</Types>", named).encode(),
        "_rels/.rels": links.replace("</Relationships>", f"{link}</Relationships>").encode(),
        "docProps/custom.xml": custom.encode(),
    }


def test_le_nom_des_gens_et_l_image_d_avant_ne_partent_pas_sans_etre_dits() -> None:
    source = of_people()
    gone, author = told(source)
    for said in (
        "l'image de la première page d'un document d'avant",
        "le nom de la dernière personne qui l'a enregistré",
        "le nom d'un responsable",
        "le nom d'une société",
        "sa propriété « Client »",
    ):
        assert said in gone.message
    assert "« Aude Exemple » pour auteur" in author.message
    assert not bloquants([gone, author])
    made = open_package(render(source, {"nom": "Alpha"}))
    held = b"".join(made.values())
    for name in (b"Maude", b"Ancien Employeur", b"Luc Exemple", b"une ancienne lettre", b"Client"):
        assert name not in held
    assert b"Aude Exemple" in held and b"<vt:lpwstr>Alpha</vt:lpwstr>" in held


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ('<w:p><w:fldSimple w:instr=" DOCPROPERTY Company ">{}</w:fldSimple></w:p>', b"Ancien"),
        ('<w:p><w:fldSimple w:instr=" DOCPROPERTY Client ">{}</w:fldSimple></w:p>', b"Zo\xc3\xa9"),
    ],
)
def test_ce_que_la_page_montre_d_une_propriete_reste(shown: str, name: bytes) -> None:
    source = of_people(shown.format(r("vu")))
    made = open_package(render(source, {"nom": "Alpha"}))
    assert any(name in content for part, content in made.items() if part.startswith("docProps"))


def test_le_nom_de_qui_a_fait_une_modification_suivie_est_dit() -> None:
    about = 'w:author="Zoé Exemple" w:date="2020-01-01T00:00:00Z"'
    inserted = f'<w:p><w:ins w:id="1" {about}>{r("ajout")}</w:ins></w:p>'
    (said,) = told(template("{{ nom }}", inserted))
    assert "une modification suivie, de « Zoé Exemple », irait dans ses documents" in said.message
    assert not bloquants([said])
    deleted = f'<w:p><w:del w:id="1" {about}><w:r><w:delText>x</w:delText></w:r></w:del></w:p>'
    (said,) = told(template("{{ nom }}", deleted))
    assert "une suppression en suivi des modifications" in said.message and bloquants([said])


def test_l_objet_derriere_une_image_est_dit() -> None:
    parts = with_relationship("package", "embeddings/classeur.xlsx")
    parts["word/embeddings/classeur.xlsx"] = b"PK le classeur d'un graphique"
    (said,) = told(template("{{ nom }}", parts=parts))
    assert "« word/embeddings/classeur.xlsx » irait entier dans ses documents" in said.message
    assert not bloquants([said])


def code(*instructions: str) -> str:
    """Des champs de Word, chacun en deux morceaux."""
    made = ""
    for said in instructions:
        half = len(said) // 2
        pieces = "".join(
            f'<w:r><w:instrText xml:space="preserve">{one}</w:instrText></w:r>'
            for one in (said[:half], said[half:])
        )
        start, cut, stop = (
            f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in ("begin", "separate", "end")
        )
        made += f"{start}{pieces}{cut}{r('vu')}{stop}"
    return f"<w:p>{made}</w:p>"


def test_une_propriete_dont_le_nom_est_dans_un_autre_ne_reste_pas_avec_lui() -> None:
    shown = code("DOCPROPERTY Rempli", 'DOCPROPERTY "Client final"')
    source = of_people(shown)
    assert "sa propriété « Client »" in told(source)[0].message
    held = b"".join(open_package(render(source, {"nom": "Alpha"})).values())
    assert "Zoé".encode() not in held and "Léa".encode() in held
    kept = of_people(code('DOCPROPERTY "Client"', "DOCPROPERTY {{ nom }}"))
    assert "sa propriété" not in told(kept)[0].message


def linked(parts: dict[str, bytes], kind: str, name: str, content: bytes) -> dict[str, bytes]:
    made = with_relationship(kind, f"/{name}")
    return {**parts, "word/_rels/document.xml.rels": made["word/_rels/document.xml.rels"]} | {
        name: content
    }


WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def of_variables() -> dict[str, bytes]:
    parts = default_parts()
    settings = parts["word/settings.xml"].decode()
    made = "".join(
        f'<w:docVar w:name="{name}" w:val="{said}"/>'
        for name, said in (("prix", "SECRET"), ("ville", "Montexemple"))
    )
    parts["word/settings.xml"] = settings.replace(
        "</w:settings>", f"<w:docVars>{made}</w:docVars></w:settings>"
    ).encode()
    return parts


def test_une_variable_que_rien_n_imprime_ne_part_pas() -> None:
    source = template("{{ nom }}", code("DOCVARIABLE ville"), parts=of_variables())
    (said,) = told(source)
    assert "des variables que rien n'imprime" in said.message and not bloquants([said])
    settings = open_package(render(source, {"nom": "Alpha"}))["word/settings.xml"]
    assert b"SECRET" not in settings and b"Montexemple" in settings


def test_une_insertion_automatique_ne_part_pas() -> None:
    blocks = "".join(
        f'<w:docPart><w:docPartPr><w:name w:val="{name}"/></w:docPartPr><w:docPartBody>'
        f"{p(r(said))}</w:docPartBody></w:docPart>"
        for name, said in (("Invite", "Cliquez ici"), ("Note", "SECRET"))
    )
    glossary = f"<w:glossaryDocument {WORDS}><w:docParts>{blocks}</w:docParts></w:glossaryDocument>"
    name = "word/glossary/document.xml"
    parts = linked(default_parts(), "glossaryDocument", name, glossary.encode())
    asked = sdt("nom", properties='<w:placeholder><w:docPart w:val="Invite"/></w:placeholder>')
    for body, kept in ((p(asked), b"Cliquez ici"), ("{{ nom }}", b"")):
        source = template(body, parts=parts)
        assert "des insertions automatiques" in told(source)[0].message
        made = open_package(render(source, {"nom": "Alpha"}))
        assert kept in made.get(name, b"") and (name in made) is bool(kept)
        assert not any(b"SECRET" in content for content in made.values())


def test_une_imprimante_et_une_partie_que_rien_ne_cite_ne_partent_pas() -> None:
    parts = linked(default_parts(), "printerSettings", "word/printerSettings1.bin", b"SECRET")
    parts["word/media/oubli.png"] = b"SECRET"
    source = template("{{ nom }}", parts=parts)
    (said,) = told(source)
    assert "les réglages d'une imprimante et une partie que rien n'y cite" in said.message
    made = open_package(render(source, {"nom": "Alpha"}))
    assert not any(b"SECRET" in content for content in made.values())


def test_ce_que_la_fiche_d_un_modele_dit_de_plus_est_dit() -> None:
    parts = default_parts()
    core = parts["docProps/core.xml"].decode()
    core = re.sub(r"<dc:description>.*?</dc:description>", "", core)
    note = "<dc:description>à ne pas montrer</dc:description>"
    parts["docProps/core.xml"] = core.replace("</cp:core", f"{note}</cp:core").encode()
    (said,) = told(template("{{ nom }}", parts=parts))
    assert "diront « à ne pas montrer » dans leurs propriétés (commentaires)" in said.message
    assert not bloquants([said])


def test_un_commentaire_qui_n_a_qu_une_accolade_est_dit() -> None:
    parts = story("comments", f'<w:comment w:id="1" w:author="A">{p("{à revoir}")}</w:comment>')
    (said,) = told(template("{{ nom }}", parts=parts))
    assert "le commentaire « {à revoir} » irait dans ses documents" in said.message


def test_qui_peut_modifier_une_plage_protegee_est_dit() -> None:
    ranged = (
        f'<w:p><w:permStart w:id="1" w:ed="zoe@exemple.fr"/>{r("x")}<w:permEnd w:id="1"/></w:p>'
    )
    (said,) = told(template("{{ nom }}", ranged))
    assert "pour « zoe@exemple.fr », irait dans ses documents" in said.message


def test_une_zone_masquee_dans_un_groupe_ne_part_pas() -> None:
    named = (
        '<wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    )
    for hidden, count in (('hidden="1"', 1), ("", 0)):
        box = drawn_box("", p("{{ nom }}"))
        box = box.replace(named, f'{named}<wps:cNvPr id="8" name="Zone" {hidden}/>')
        assert len(findings(template(p(box)))) == count

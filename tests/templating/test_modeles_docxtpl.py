"""Le tableau des modèles de docxtpl : ce qu'il compare, et comment il le dit."""

from tests.bench.modeles_docxtpl import difference, words

PAGE = (
    '<w:d xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:p><w:r><w:t>Bon</w:t><w:t/><w:t>jour</w:t><w:tab/><w:t>{}</w:t></w:r></w:p></w:d>"
)


def said(body: str, footer: str) -> list[str]:
    parts = {"word/document.xml": body, "word/footer1.xml": footer, "word/styles.xml": "non lu"}
    return words({name: PAGE.format(text).encode() for name, text in parts.items()})


def test_les_mots_de_toutes_les_histoires_sont_compares() -> None:
    assert said("ici", "pied") == ["Bonjour", "ici", "Bonjour", "pied"]
    assert difference(said("ici", "pied"), said("ici", "pied")) == ""
    assert "« pied », docxtpl « autre »" in difference(said("ici", "pied"), said("ici", "autre"))
    assert "« rien »" in difference(["un"], ["un", "deux"])

"""Tout ce que pydantic refuse se dit en français : le champ, le remède, le chemin, la ligne."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    PastDate,
    ValidationError,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticKnownError, core_schema

from dla_docs.constat import Constat
from dla_docs.model.messages import INCONNU, PHRASES, constats_from
from dla_docs.model.node import Kind, Node
from dla_docs.raw import RawMap, keyed_rows, parse_raw


class Couleur(Enum):
    ROUGE = "Rouge"
    BLEU = "Bleu"


def jour(value: Any) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d\d/\d\d/\d{4}", value):
        try:
            return datetime.strptime(value, "%d/%m/%Y").date()
        except ValueError:
            pass
    raise ValueError(f"« {value} » n'est pas une date ; écrivez par exemple 12/03/2013")


def par_une_bibliotheque(value: str) -> str:
    int(value, 36)
    return value


class Prevu(BaseModel):
    model_config = ConfigDict(extra="forbid")
    date: Annotated[date, BeforeValidator(jour)] | None = None
    duree: Decimal | None = Field(default=None, ge=0, max_digits=4, decimal_places=2)


class Etape(BaseModel):
    model_config = ConfigDict(extra="forbid")
    cle: str | None = None
    prevu: Prevu = Prevu()


class Fiche(BaseModel):
    model_config = ConfigDict(extra="forbid")
    nom: str
    date_limite: Annotated[date, BeforeValidator(jour)] | None = None
    objectif_general: str | None = Field(None, min_length=3, max_length=40)
    reponse: Literal["Oui", "Non", "Sans objet"] | None = None
    couleur: Couleur | None = None
    effectif: int | None = Field(None, gt=0, lt=1000, multiple_of=2)
    montant: Decimal | None = Field(None, le=100000)
    taux: float | None = None
    vrai: bool | None = None
    naissance: PastDate | None = None
    a: time | None = None
    le: datetime | None = None
    delai: timedelta | None = None
    site: HttpUrl | None = None
    identifiant: UUID | None = None
    code: str | None = Field(None, pattern=r"^\d{5}$")
    libre: Annotated[str, AfterValidator(par_une_bibliotheque)] | None = None
    mots: tuple[str, ...] = Field((), max_length=2)
    ensemble: frozenset[str] = frozenset()
    notes: dict[str, int] = {}
    ou: int | date | None = None
    etapes: tuple[Etape, ...] = ()


def node(
    name: str,
    path: str,
    label: str,
    *children: Node,
    kind: Kind = Kind.LEAF,
    choices: tuple[str, ...] = (),
) -> Node:
    return Node(name, path, kind, label, {child.name: child for child in children}, choices=choices)


PREVU = node(
    "prevu",
    "etapes[].prevu",
    "Prévu",
    node("date", "etapes[].prevu.date", "Date prévue"),
    node("duree", "etapes[].prevu.duree", "Durée"),
    kind=Kind.PART,
)
TREE = node(
    "",
    "",
    "Fiche",
    node("nom", "nom", "Nom"),
    node("mention", "mention", "", kind=Kind.NOTE),
    node("date_limite", "date_limite", "Date limite de réponse"),
    node("objectif_general", "objectif_general", "Objectif général"),
    node("reponse", "reponse", "Réponse", choices=("Oui", "Non", "Sans objet")),
    node("couleur", "couleur", "Couleur"),
    node("ou", "ou", "Où"),
    node("etapes", "etapes", "Étapes", node("cle", "etapes[].cle", "Clé"), PREVU, kind=Kind.ROWS),
    kind=Kind.PART,
)


def constats(text: str, prefix: str = "", root: Node | None = TREE) -> list[Constat]:
    raw = parse_raw(text, "f.yaml")
    with pytest.raises(ValidationError) as caught:
        Fiche.model_validate(raw)
    return constats_from(caught.value, raw, prefix, root)


def refused(model: type[BaseModel], data: Any, raw: Any = None, prefix: str = "") -> list[Constat]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return constats_from(caught.value, data if raw is None else raw, prefix)


def one(text: str, prefix: str = "", root: Node | None = TREE) -> Constat:
    found = constats(text, prefix, root)
    assert len(found) == 1, found
    return found[0]


def test_le_message_dit_le_champ_la_valeur_le_remede_le_chemin_et_la_ligne() -> None:
    constat = one("nom: N\ndate_limite: 31/02/2013\n", "cahier_des_charges")
    assert str(constat) == (
        "f.yaml, ligne 2 : Date limite de réponse : « 31/02/2013 » n'est pas une date ; écrivez "
        "par exemple 12/03/2013 (cahier_des_charges.date_limite)."
    )
    assert constat.chemin == "cahier_des_charges.date_limite"


def test_le_chemin_d_une_ligne_de_tableau() -> None:
    constat = one("nom: N\netapes:\n  - cle: e1\n  - prevu:\n      date: demain\n")
    assert (constat.chemin, constat.ligne) == ("etapes[1].prevu.date", 5)
    assert constat.message.startswith("Date prévue : « demain » n'est pas une date")
    assert (
        one("nom: N\netapes: [{prevu: {date: x}}]", "documents.proposition[0]").chemin
        == "documents.proposition[0].etapes[0].prevu.date"
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "nom: N\nobjectif_generale: x",
            2,
            "Fiche : clé inconnue « objectif_generale » ; vouliez-vous dire « objectif_general » "
            "? (objectif_generale).",
        ),
        (
            "nom: N\nObjectif Général: x",
            2,
            "Fiche : clé inconnue « Objectif Général » ; vouliez-vous dire « objectif_general » ? "
            "(Objectif Général).",
        ),
        (
            "nom: N\nprevu:\n  date: x",
            2,
            "Fiche : clé inconnue « prevu » ; « prevu » s'écrit dans « etapes » : vérifiez le "
            "retrait (prevu).",
        ),
        (
            "nom: N\nDate limite réponse: x",
            2,
            "Fiche : clé inconnue « Date limite réponse » ; vouliez-vous dire « date_limite » ? "
            "(Date limite réponse).",
        ),
        (
            "nom: N\nduré: 1",
            2,
            "Fiche : clé inconnue « duré » ; « duree » s'écrit dans « etapes.prevu » : vérifiez "
            "le retrait (duré).",
        ),
        (
            "nom: N\netapes:\n  - prevu:\n      zzz: 1",
            4,
            "Prévu : clé inconnue « zzz » ; les clés possibles sont : date, duree "
            "(etapes[0].prevu.zzz).",
        ),
    ],
)
def test_une_cle_inconnue_propose_la_bonne(text: str, line: int, message: str) -> None:
    constat = one(text)
    assert (constat.message, constat.ligne) == (message, line)


def test_une_mention_imprimee_n_est_pas_une_cle_possible() -> None:
    assert "mention" not in one("nom: N\nqqqq: x").message.replace("mentionnee", "")
    assert "mention" not in one("nom: N\nmentio: x").message.replace("« mentio »", "").replace(
        "(mentio)", ""
    )


def test_une_cle_faite_de_signes_est_dite_inconnue() -> None:
    assert one('nom: N\n"???": 1').message.startswith(
        "Fiche : clé inconnue « ??? » ; les clés possibles sont : nom, date_limite,"
    )


def test_sans_arbre_du_modele_le_message_reste_francais() -> None:
    assert (
        one("nom: N\nobjectif_generale: x", root=None).message
        == "Clé inconnue « objectif_generale » ; retirez-la (objectif_generale)."
    )
    assert one("date_limite: 01/01/2013", root=None).message == "Valeur absente ; ajoutez-la (nom)."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "reponse: Peut-être",
            "Réponse : « Peut-être » n'est pas une réponse possible ; écrivez Oui, Non ou Sans "
            "objet (reponse).",
        ),
        (
            "couleur: vert",
            "Couleur : « vert » n'est pas une réponse possible ; écrivez Rouge ou Bleu (couleur).",
        ),
        (
            "objectif_general: x",
            "Objectif général : « x » est trop court ; 3 caractères au moins (objectif_general).",
        ),
        ("objectif_general: [x]", "Objectif général : une liste n'est pas un texte ; "),
        ("objectif_general: {x: y}", "Objectif général : un groupe de clés n'est pas un texte ; "),
        ("effectif: 0", "« 0 » doit être supérieur à 0 ; corrigez cette valeur (effectif)."),
        (
            "effectif: douze",
            "« douze » n'est pas un nombre entier ; écrivez par exemple 12 (effectif).",
        ),
        ("montant: '200000'", "« 200000 » doit être au plus égal à 100000 ; "),
        ("mots: [a, b, c]", "Une liste compte trop d'éléments ; 2 au plus (mots)."),
        (
            "mots: a",
            "« a » n'est pas une liste ; écrivez une ligne par élément, chacune après un tiret "
            "(mots).",
        ),
        (
            "etapes: [absente.yaml]",
            "Étapes : « absente.yaml » est donné là où des clés sont attendues ; écrivez à la "
            "ligne ses clés (cle, prevu), ou",
        ),
        ("etapes:\n  -", "Étapes : une valeur vide est donné"),
        ("vrai: peut-être", "« peut-être » n'est ni vrai ni faux"),
        ("libre: '&&'", "« && » ne convient pas ; vérifiez cette valeur (libre)."),
        ("code: abc", "« abc » n'a pas la forme attendue"),
        ("notes: {a: b}", "« b » n'est pas un nombre entier ; écrivez par exemple 12 (notes.a)."),
        ("site: ici", "« ici » n'est pas une adresse web"),
    ],
)
def test_chaque_faute_a_sa_phrase(text: str, said: str) -> None:
    constat = one(f"nom: N\n{text}")
    assert constat.message.startswith(said)
    assert constat.ligne in (2, 3)


def test_les_branches_d_une_union_font_un_seul_probleme() -> None:
    constat = one("nom: N\nou: ailleurs")
    assert (constat.chemin, constat.ligne) == ("ou", 2)
    assert constat.message.startswith("Où : « ailleurs » n'est pas")


def test_tous_les_problemes_a_la_fois() -> None:
    found = constats(
        "date_limite: x\neffectif: y\nzzz: 1\netapes: [{cle: {}}, {prevu: {duree: -1}}]"
    )
    assert [constat.chemin for constat in found] == [
        "nom",
        "date_limite",
        "effectif",
        "etapes[0].cle",
        "etapes[1].prevu.duree",
        "zzz",
    ]


def test_la_ligne_est_celle_du_fichier_cite() -> None:
    raw = parse_raw("nom: N\netapes:\n  - x.yaml", "m.yaml")
    row = parse_raw("#\nprevu:\n  date: x", "x.yaml")
    whole = raw.with_items({**raw, "etapes": raw["etapes"].with_items([row])})
    assert [(constat.fichier, constat.ligne) for constat in refused(Fiche, whole)] == [
        ("x.yaml", 3)
    ]


def test_une_valeur_deplacee_garde_sa_ligne() -> None:
    raw = parse_raw("nom: N\netapes:\n  - {}\n  - prevu: {date: x}", "f.yaml")
    moved = {**raw, "etapes": raw["etapes"][1:]}
    for known in (raw, {}, moved):
        assert [(constat.fichier, constat.ligne) for constat in refused(Fiche, moved, known)] == [
            ("f.yaml", 4)
        ]


def test_nos_propres_phrases_sont_gardees_celles_d_une_bibliotheque_non() -> None:
    def said(error: Exception) -> str:
        def refuse(value: str) -> str:
            raise error

        class Un(BaseModel):
            x: Annotated[str, AfterValidator(refuse)]

        return refused(Un, {"x": "v"})[0].message

    assert said(
        ValueError(
            "la clé « the value » est donnée à plusieurs lignes ; donnez à chacune la sienne."
        )
    ) == ("La clé « the value » est donnée à plusieurs lignes ; donnez à chacune la sienne (x).")
    assert said(AssertionError("il manque « x »")) == "Il manque « x » (x)."
    for english in (
        "could not convert string to float: 'x'",
        "month must be in 1..12",
        "'x' is not a valid Couleur",
        "day is out of range for month",
        "",
    ):
        assert said(ValueError(english)) == "« v » ne convient pas ; vérifiez cette valeur (x)."
    assert (
        said(PydanticCustomError("inconnu_de_tous", "this is wrong"))
        == "« v » ne convient pas ; vérifiez cette valeur (x)."
    )
    assert len(said(ValueError(f"« {'x' * 100_000} » est trop long"))) < 1000


def test_une_cle_de_ligne_contredite_passe_par_pydantic() -> None:
    class Un(BaseModel):
        rows: Annotated[list[dict[str, Any]], BeforeValidator(keyed_rows)]

    assert [constat.message for constat in refused(Un, {"rows": {"e1": {"cle": "e2"}}})] == [
        "La ligne « e1 » se donne une autre clé, « e2 » (rows)."
    ]


def test_le_message_tient_sur_une_ligne_et_s_imprime() -> None:
    raw = RawMap({"nom": "N", "effectif": "a\x07\ud800\nb" + "x" * 500, "clé\n\ud800": "1"})
    for constat in refused(Fiche, raw):
        assert "\n" not in constat.message
        constat.message.encode("utf-8")
        constat.chemin.encode("utf-8")
        assert len(constat.message) < 400


# Toutes les sortes d'erreur de pydantic

KINDS: tuple[Any, ...] = get_args(core_schema.ErrorType)
LIMITS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "gt",
            "ge",
            "lt",
            "le",
            "multiple_of",
            "min_length",
            "max_length",
            "max_digits",
            "decimal_places",
            "whole_digits",
            "actual_length",
        ),
        3,
    ),
    **dict.fromkeys(("tz_expected", "tz_actual", "expected_version"), 4),
    **dict.fromkeys(
        (
            "error",
            "expected",
            "class",
            "class_name",
            "field_type",
            "encoding",
            "encoding_error",
            "pattern",
        ),
        "the thing",
    ),
    **dict.fromkeys(
        ("attribute", "method_name", "discriminator", "tag", "expected_tags", "expected_schemes"),
        "the thing",
    ),
}


def context_of(kind: Any) -> dict[str, Any]:
    """Ce que pydantic demande pour une erreur de cette sorte ; il nomme ce qui manque."""
    context: dict[str, Any] = {}
    while True:
        try:
            PydanticKnownError(kind, context or None)
        except TypeError as error:
            asked = re.search(r"'(\w+)' required in context", str(error))
            names = [asked[1]] if asked else [name for name in LIMITS if name not in context]
            context.update({name: LIMITS[name] for name in names})
        else:
            return context


def english_of(kind: Any) -> ValidationError:
    context = context_of(kind)
    detail = InitErrorDetails(type=kind, loc=("champ",), input="31/02/2013", ctx=context)
    return ValidationError.from_exception_data("Fiche", [detail])


@pytest.mark.parametrize("kind", KINDS)
def test_chaque_sorte_d_erreur_de_pydantic_est_dite_en_francais(kind: str) -> None:
    error = english_of(kind)
    message = constats_from(error)[0].message
    assert error.errors()[0]["msg"] not in message
    assert not re.search(
        r"\b(the|thing|should|valid|input|Input|must|required|Extra|Field)\b",
        message.replace("the, thing", "").replace("the ou thing", ""),
    )
    assert message.endswith(" (champ).")
    if kind not in (
        "value_error",
        "assertion_error",
    ):  # these carry the text of a validator; English here, so not shown
        assert INCONNU not in message, f"{kind} n'a pas de phrase"


def test_la_table_ne_nomme_que_des_erreurs_qui_existent() -> None:
    assert set(PHRASES) <= set(KINDS)


SAMPLES = [
    "12",
    "-1",
    "1e400",
    "oui",
    "Oui",
    "31/02/2013",
    "true",
    "nan",
    "http://",
    "99999999999999999999",
    "25:00",
    "2013-02-31",
]
TEXTS = st.text(max_size=8) | st.sampled_from(SAMPLES)
VALUES = st.none() | TEXTS | st.integers() | st.floats() | st.booleans() | st.dates()
DAMAGE = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
FIELDS = st.sampled_from([*Fiche.model_fields, "objectif_generale", "étapes"])
PARTS = DAMAGE | st.fixed_dictionaries({"date": DAMAGE, "duree": DAMAGE})
ETAPES = st.lists(
    st.dictionaries(st.sampled_from(["cle", "prevu", "prevue"]), PARTS, max_size=2), max_size=3
)


@given(
    st.dictionaries(FIELDS, DAMAGE, max_size=8), st.none() | ETAPES, st.sampled_from([TREE, None])
)
def test_aucun_degat_ne_fait_parler_anglais(
    data: dict[str, Any], etapes: Any, root: Node | None
) -> None:
    whole = data if etapes is None else {**data, "etapes": etapes}
    try:
        Fiche.model_validate(whole)
    except ValidationError as error:
        found = constats_from(error, whole, root=root)
        assert found
        for constat in found:
            assert not any(detail["msg"] in constat.message for detail in error.errors())
            assert constat.message.endswith(").")
            assert not re.search("[\n\ud800-\udfff]", constat.message)

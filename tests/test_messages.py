from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from dla_docs.constat import Constat
from dla_docs.errors import MOST_SAID, InputError
from dla_docs.model import messages
from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ, mention
from dla_docs.model.messages import INCONNU, PHRASES, constats_from
from dla_docs.model.node import Node
from dla_docs.model.validation import validated
from dla_docs.model.values import Cle, Entier, Jour, Nombre, OuiNon, Texte, TexteLong
from dla_docs.model.values.value import Valeur
from dla_docs.portefeuille.catalogue import CatalogueDesPrestataires
from dla_docs.profils.profil import Profil
from dla_docs.raw import RawMap, keyed_rows, parse_raw
from dla_docs.registry import FORMULAIRES


class Prevu(Bloc):
    """Prévu"""

    date: Jour = champ("Date prévue")
    duree: Nombre = champ("Durée")


class Etape(Bloc):
    """Étapes"""

    cle: Cle = champ("Clé")
    prevu: Prevu = champ()


class Fiche(Bloc):
    """Fiche"""

    mention = mention("Une mention imprimée.")
    nom: Texte = champ("Nom")
    date_limite: Jour = champ("Date limite de réponse")
    objectif_general: TexteLong = champ("Objectif général")
    reponse: OuiNon = champ("Réponse")
    effectif: Entier = champ("Effectif")
    notes: dict[str, Entier] = champ(defaut={})
    code: str = champ("Code", defaut="")
    etapes: tuple[Etape, ...] = champ(defaut=())


TREE = Fiche.schema_node()


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reponse: Peut-être", "Réponse : « Peut-être » n'est pas un des choix ; écrivez « Oui »"),
        ("objectif_general: [x]", "Objectif général : une seule valeur est attendue ici, pas une"),
        (
            "effectif: douze",
            "Effectif : « douze » n'est pas un nombre entier ; écrivez par exemple",
        ),
        ("code: [x]", "Code : une liste n'est pas un texte ; écrivez-le sur une ligne, entre"),
        ("code: {x: y}", "Code : un groupe de clés n'est pas un texte ; "),
        ("notes: [a]", "Notes : une liste n'est pas une suite de clés ; écrivez-les à la ligne"),
        ("notes: {a: b}", "« b » n'est pas un nombre entier"),
        (
            "etapes: a",
            "Étapes : « a » n'est pas une liste ; écrivez une ligne par élément, chacune après un "
            "tiret (etapes).",
        ),
        (
            "etapes: [absente.yaml]",
            "Étapes : « absente.yaml » est donné là où des clés sont attendues ; écrivez à la "
            "ligne ses clés (cle, prevu), ou",
        ),
        ("etapes: [{prevu: [x]}]", "Étape 1 › Prévu : une liste est donnée là où des clés"),
        ("etapes: [[x]]", "Étapes : une liste est donnée là où des clés sont attendues ; "),
        ('etapes: [{prevu: ""}]', "Étape 1 › Prévu : une valeur vide est donnée là où"),
    ],
)
def test_chaque_faute_a_sa_phrase(text: str, said: str) -> None:
    constat = one(f"nom: N\n{text}")
    assert constat.message.startswith(said)
    assert constat.ligne in (2, 3)


def test_tous_les_problemes_a_la_fois() -> None:
    found = constats(
        "date_limite: x\neffectif: y\nzzz: 1\netapes: [{cle: {}}, {prevu: {duree: x}}]"
    )
    assert [constat.chemin for constat in found] == [
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
    assert said(ValueError("il manque « x »")) == "Il manque « x » (x)."
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


# Ce qu'un de nos modèles peut lever, et rien d'autre

RAISED: dict[str, set[str]] = {
    "model": {"model_type"},
    "model-fields": {"extra_forbidden"},
    "tuple": {"tuple_type"},
    "dict": {"dict_type"},
    "str": {"string_type", "string_unicode"},
    "function-before": {"value_error"},
    "function-after": {"value_error"},
    "function-wrap": {"value_error"},
    **{kind: set() for kind in ("any", "default", "model-field")},
}
LIMITS = {"gt", "ge", "lt", "le", "multiple_of", "pattern", "min_length", "max_length", "strict"}


def raised_by(schema: Any, defined: dict[str, Any]) -> Iterator[str]:
    """Les erreurs qu'un schéma de pydantic peut lever ; une sorte inconnue est une faute. Ce qu'il
    a ``defined`` à part se suit une fois, de là où il est cité.
    """
    if isinstance(schema, list | tuple):
        for item in schema:
            yield from raised_by(item, defined)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "definitions":
        defined |= {one["ref"]: one for one in schema["definitions"]}
        yield from raised_by(schema["schema"], defined)
        return
    if schema.get("type") == "definition-ref":
        yield from raised_by(defined.pop(schema["schema_ref"], None), defined)
        return
    if isinstance(kind := schema.get("type"), str):
        assert not schema.keys() & LIMITS, f"{kind} : une limite dont la phrase est à écrire"
        yield from RAISED[kind]
        if kind == "model-field" and schema["schema"]["type"] != "default":
            yield "missing"
        if is_value(schema):  # it speaks for all that it holds
            return
    for name, below in schema.items():
        if name not in ("metadata", "serialization", "config", "cls", "function"):
            yield from raised_by(below, defined)


def is_value(schema: dict[str, Any]) -> bool:
    validator = schema.get("function", {}).get("function")
    return isinstance(getattr(validator, "__self__", None), Valeur)


def test_chaque_erreur_qu_un_modele_peut_lever_a_sa_phrase_et_nulle_autre() -> None:
    models: list[type[BaseModel]] = [*FORMULAIRES.values(), Profil, CatalogueDesPrestataires, Fiche]
    schemas = [model.__pydantic_core_schema__ for model in models]
    assert {kind for schema in schemas for kind in raised_by(schema, {})} == set(PHRASES)


def test_une_erreur_inconnue_est_dite_en_francais() -> None:
    detail = InitErrorDetails(type="bool_type", loc=("champ",), input="31/02/2013")
    error = ValidationError.from_exception_data("Fiche", [detail])
    assert constats_from(error)[0].message == f"« 31/02/2013 » {INCONNU} (champ)."


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


def test_mille_cles_inconnues_ne_se_comparent_pas_toutes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def none(*given: Any) -> str:
        asked.append(str(given))
        return ""

    monkeypatch.setattr(messages, "nearest", none)
    text = "nom: N\n" + "".join(f"inconnue_{rank}: x\n" for rank in range(1_000))
    with pytest.raises(InputError) as refused:
        validated(Fiche, parse_raw(text))
    assert len(refused.value.constats) == MOST_SAID + 1 and len(asked) <= 2 * (MOST_SAID + 1)
    assert str(refused.value.constats[-1]).startswith(
        "D'autres problèmes suivent ces 500. Corrigez"
    )
    with pytest.raises(InputError) as again:  # gathered with others, it says so once
        raise InputError(refused.value.constats)
    assert again.value.constats == refused.value.constats

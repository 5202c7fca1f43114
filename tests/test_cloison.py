"""Ce qu'un texte libre dirait à un prestataire d'un autre : son nom, les siens, ses numéros, son
prix, de quelque façon qu'on les écrive ; et rien de ce qui est aussi de lui, ou de tous.
"""

from __future__ import annotations

from functools import cache

import pytest

from dla_docs import GrilleDeLecture, InputError, Mission, Role, trame
from dla_docs.dossier.recipient import Remise, cited_others
from dla_docs.model.recipients import Destinataire
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_mission
from tests import as_keyed
from tests.documents.verdict import loaded
from tests.test_destinataire import two_chosen

INDIVIDUELLE = "mission_individuelle"
ALPHA = Remise(Destinataire.RETENU, "alpha", "Cabinet Alpha Exemple")
BETA = Remise(Destinataire.SOLLICITE, "beta", "Coopérative Bêta Exemple")
COMITE = Remise(Destinataire.COMITE)


@cache
def sample() -> Mission:
    return load_mission(sample_path(INDIVIDUELLE))


def called(nom: str, contact: str = "Sacha Prototype") -> Mission:
    """La mission où le deuxième sollicité a ce nom, et ce contact."""
    held = {"nom": nom, "contact": {"nom": contact}}
    changed = loaded(INDIVIDUELLE, {"mise_en_concurrence.sollicites.1.prestataire": held})
    assert isinstance(changed, Mission)
    return changed


def told(text: str, to: Remise, mission: Mission | None = None) -> list[str]:
    return [one.message for one in cited_others([("message", text)], mission or sample(), to)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("préparé avec la COOPERATIVE BETA EXEMPLE.", "citerait un autre prestataire, « Coop"),
        ("la coopé\u00adrative Bê\u00adta Exemple", "citerait un autre prestataire, « Coop"),
        ("vu avec Sacha  Prototype hier", "quelqu'un d'un autre prestataire, « Sacha Prototype »"),
        ("Alix\N{NO-BREAK SPACE}MAQUETTE viendra", "quelqu'un d'un autre prestataire, « Alix"),
        ("siret 00000002600013", "le SIRET d'un autre prestataire"),
        ("siret 000 000 026 00013", "le SIRET d'un autre prestataire"),
        ("siren 000.000.026", "le SIRET d'un autre prestataire"),
        ("au 01.99.00.12.34", "le téléphone d'un autre prestataire"),
        ("au +33 (0)1 99 00 12 34", "le téléphone d'un autre prestataire"),
        ("à Sacha.Prototype@Example.org", "le courriel d'un autre prestataire"),
        ("Maxime Témoin a décliné", "quelqu'un d'un autre prestataire, « Maxime Témoin »"),
    ],
)
def test_what_would_tell_who_another_is_is_found(text: str, said: str) -> None:
    assert any(said in one and one.endswith("(message).") for one in told(text, ALPHA))


@pytest.mark.parametrize(
    "text",
    [
        "Claude Fictif, 02 61 91 00 30, claude.fictif@example.org, 000 000 018 00010",
        "Andrea Modèle, Camille Exemple, Association Exemple Insertion, 000 000 042 00010",
        "Bêta, coopérative, Alix, Exemple, prototype d'un bureau d'études",
        "le 01/09/2005, 7 040 €, 990012, 8 800 €",
    ],
)
def test_what_is_his_or_of_everyone_is_not(text: str) -> None:
    assert told(text, ALPHA) == []


@pytest.mark.parametrize(
    ("nom", "text", "held"),
    [
        ("Coopérative Bêta Exemple", "comme le propose Bêta-Exemple", True),
        ("Bureau d'études Bêta Exemple", "comme le propose beta exemple", True),
        ("SARL Cabinet Bêta Exemple", "comme le propose Bêta Exemple", True),
        ("Cabinet Développement local", "un projet de développement local", False),
        ("Atelier des Possibles", "le champ des possibles", False),  # one word is left
        ("Agence Alpha Exemple", "comme le propose Alpha Exemple", False),  # so is he called
        ("Cabinet Zêta SARL", "Zeta le propose aussi", True),
        ("Cabinet Zêta SARL", "comme chez ZÊTA.", True),
        ("Zêta SARL", "comme chez Zêta", True),
        ("Cabinet Zêta SARL", "la lettre zêta", False),
        ("Cabinet Exemple SARL", "l'Association Exemple Insertion", False),
        ("Cabinet Conseil SARL", "le Conseil d'administration", False),  # a word of the guides
        ("Agence Exemple Insertion", "avec Exemple Insertion", False),  # so is the structure
    ],
)
def test_an_everyday_name_is_found_when_it_is_of_no_other(nom: str, text: str, held: bool) -> None:
    assert any("un autre prestataire" in one for one in told(text, ALPHA, called(nom))) is held


HIDDEN = {
    ALPHA: ("Coopérative Bêta Exemple", "Sacha Prototype", "01 99 00 12 34", "000 000 026 00013"),
    BETA: ("Cabinet Alpha Exemple", "Claude Fictif", "02 61 91 00 30", "claude.fictif@example.org"),
    COMITE: ("Coopérative Bêta Exemple", "presidence.insertion@example.org", "02 61 91 00 50"),
}


@pytest.mark.parametrize(("to", "hidden"), HIDDEN.items())
def test_a_free_text_never_allows_what_it_says(to: Remise, hidden: tuple[str, ...]) -> None:
    """Ni dans un document que tous lisent, ni dans les siens, ni dans l'en-tête : seul un champ
    déclaré pour dire qui est quelqu'un en dit ce qui peut se lire.
    """
    rows = [{"cle": f"q{rank}", "intitule": one} for rank, one in enumerate(hidden)]
    places = ("structures.0.activite", "documents.fiche_prestataire.0.autres.reseaux")
    more = ("documents.proposition.0.rappel.mission", "documents.proposition.1.rappel.mission")
    said = dict.fromkeys((*places, *more), hidden[1])
    mission = loaded(
        INDIVIDUELLE, {"documents.cahier_des_charges.objectifs.resultats": rows, **said}
    )
    assert isinstance(mission, Mission)
    for one in hidden:
        assert told(f"{one} : à revoir", to, mission) and told(one, to, mission), one


@cache
def entangled() -> Mission:
    """La mission de prestataires dont un nom en tient un autre."""
    each = {
        "alpha": {"nom": "Alpha Conseil", "contact": {"nom": "Marie Martin"}},
        "beta": {
            "nom": "Alpha Conseil Développement",
            "contact": {"nom": "Anne-Marie Martin", "courriel": "am@acd.example.org"},
        },
        "gamma": {
            "nom": "SCOP Horizon",
            "contact": {"nom": "Mme Élodie Le Goff", "courriel": "e.legoff@horizon.example.org"},
        },
        "delta": {
            "nom": "Cabinet Delta",
            "contact": {"nom": "Rose Petit", "courriel": "r@free.fr"},
        },
    }
    rows = [{"cle": cle, "prestataire": one, "date": "28/06/2005"} for cle, one in each.items()]
    start: dict[str, object] = {"documents": {}, "consultant": {}, "paiements": []}
    mission = loaded(INDIVIDUELLE, {**start, "mise_en_concurrence.sollicites": rows})
    assert isinstance(mission, Mission)
    return mission


@pytest.mark.parametrize(
    ("text", "to_alpha", "to_beta"),
    [
        ("Alpha Conseil viendra.", False, True),
        ("Alpha Conseil Développement viendra.", True, False),
        ("Alpha Conseil, puis Alpha Conseil Développement.", True, True),
        ("Marie Martin viendra.", False, True),
        ("Anne-Marie Martin et Anne Marie MARTIN", True, False),
        ("Anne-Marie Martin, Marie Martin", True, True),
        ("MARTIN Marie", False, True),
        ("M. Martin", False, False),  # one of each is called so
        ("LE GOFF Élodie, Élodie Le Goff", True, True),
        ("Le Goff Élodie ; le Goff Élodie", True, True),
        ("Mme Le Goff", True, True),
        ("Madame É. LE GOFF", True, True),
        ("E. Le Goff", True, True),
        ("Petit Rose", True, True),
        ("un petit rose au mur, petit à petit", False, False),
        ("Voyez www.horizon.example.org/equipe", True, True),
        ("contact@horizon.example.org", True, True),
        ("l'horizon, horizon.example.org.fr, un.horizon.example.org", False, False),
        ("x@free.fr, www.example.org", False, False),
    ],
)
def test_of_names_the_longest_is_who_is_meant(text: str, to_alpha: bool, to_beta: bool) -> None:
    for to, held in ((ALPHA, to_alpha), (BETA, to_beta)):
        assert bool(told(text, to, entangled())) is held, to


def test_the_consultant_of_the_mission_is_of_the_one_who_is_chosen() -> None:
    for text in ("Claude Fictif conduira la mission.", "au 02 61 91 00 30"):
        assert told(text, BETA) and not told(text, ALPHA), text


def test_someone_who_is_of_both_may_be_named() -> None:
    """Deux cabinets peuvent avoir le même consultant."""
    assert told("Claude Fictif", BETA, called(BETA.nom, contact="Claude Fictif")) == []


def test_a_company_is_named_without_its_legal_form() -> None:
    assert told("comme chez Zeugma-Conseil", ALPHA, called("SARL Zeugma Conseil"))
    assert told("le conseil d'administration", ALPHA, called("Conseil S.A.S.")) == []


def test_a_form_and_an_extract_do_not_say_it_either() -> None:
    place = "documents.evaluation_individuelle.conditions.contenu.commentaire"
    mission = loaded(INDIVIDUELLE, {place: "Sacha Prototype l'aurait fait autrement."})
    with pytest.raises(InputError, match="quelqu'un d'un autre prestataire"):
        trame("evaluation_individuelle", mission, Role.PRESTATAIRE)
    place = "documents.grille_de_lecture.projets.alpha.commentaires"
    [grid] = loaded(INDIVIDUELLE, {place: "Appeler le 01 99 00 12 34."}).tous(GrilleDeLecture)
    with pytest.raises(InputError, match="le téléphone d'un autre prestataire"):
        grid.vu_par("alpha")
    [grid] = loaded(INDIVIDUELLE, {place: "Bêta demandait 9 000 €."}).tous(GrilleDeLecture)
    with pytest.raises(InputError, match="un prix d'un autre prestataire"):
        grid.vu_par("alpha")
    assert grid.vu_par("beta")


@cache
def asking(price: str, **more: str) -> Mission:
    """La mission où le deuxième sollicité demande ce prix."""
    changed = loaded(INDIVIDUELLE, {"documents.proposition.1.budget.montant": price, **more})
    assert isinstance(changed, Mission)
    return changed


ASKED = {
    "9 800": (
        *(
            "9800",
            "9 800",
            "9.800",
            "9\N{NARROW NO-BREAK SPACE}800",
            "9'800",
            "9 800,00",
            "9800.00",
        ),
        *("9800 €", "9 800€", "9.800 euros", "9 800,0 €", "9 800 EUR", "€ 9 800", "9 800 TTC"),
        *(
            "9 800 €TTC",
            "9\N{NO-BREAK SPACE}800 d’euros",
            "9 800 € 00",
            "9,8 k€",
            "9.8 K€",
            "9,80k€",
        ),
        *("9,8 keuros", "9,8 k", "9,8 mille euros", "9,8 milliers d'euros", "9,800 €"),
        *("9_800 €", "9 mille 800 euros", "9 k€ 800", "9k800", "9 milliers 800"),
        *("9k8", "9 k 8", "9k€8", "9·800 €", "9·800", "1 rue de l'Exemple, 45000 Orléans : 9800"),
    ),
    "9 000": (
        *("9k€", "9 K€", "9 mille euros", "9,0 k€", "9000/jour", "9 000 / mission"),
        *(f"9{unseen}000 €" for unseen in ("\u00ad", "\u200b", "\u2060", "\ufeff")),  # pasted
    ),
    "950": ("950 €", "950,00 euros", "950 € TTC", "950€/jour", "950e"),
    "12 000": (
        "12000 pour tout",
        "l'article L. 12000 €",
        "12 rue de l'Exemple, 12000 €",
        "la place, 12000 en tout",
    ),
    "9 812,40": (
        "9 812,40 €",
        "9812,4",
        "9 812 € 40",
        "9812€40",
        "9 812 €",
        "9.812,40 euros",
        "9,8124 k€",
    ),
    "9 812,60": ("9 812,60 €", "9 812 €", "9 813 €", "9813 euros"),
    "2 000": ("2 000", "2000 €", "2 k€"),
}


@pytest.mark.parametrize(("price", "ways"), ASKED.items())
def test_the_price_of_another_is_found_however_it_is_written(
    price: str, ways: tuple[str, ...]
) -> None:
    mission = asking(price)
    texts = [
        text
        for way in ways
        for text in (f"Bêta demandait {way}.", f"({way})", f"Bêta : {way}, c'est trop")
    ]
    found = cited_others([(text, text) for text in texts], mission, ALPHA)
    assert [one.chemin for one in found] == texts
    assert all("citerait un prix d'un autre prestataire" in one.message for one in found)
    assert cited_others([(text, text) for text in texts], mission, BETA) == []


OTHERS = {
    "9 800": (
        *("19 800 €", "109 800 €", "9 800 000 €", "9 800,50 €", "98 00", "9 801 €", "9 80 €"),
        *("99800", "98000", "09/9800", "9800/2", "A9800", "9800 %", "39,9800", "9,81 k€", "9,8 km"),
        *("9k85", "9·800·000 €", "FR76 3000 6000 0112 9800 7890 189", "BE68 5390 9800 7034"),
        *("DLA-9800", "DLA-75-9800", "n° 2026-9800"),  # a mission has such references
        *("9 800 m² de terrain", "9800 km", "9800 habitants", "9 800 heures", "article L. 9800-2"),
    ),
    "950": (
        "950",
        "1 950 €",
        "1950 €",
        "12 950,00 €",
        "950,50 €",
        "950 000 €",
        "950 km",
        "950 e-mails",
    ),
    "2 000": ("en 2000", "l'an 2000,", "02/2000", "12 000 €"),
    "20": ("le 20e jour", "au 20ᵉ étage", "20ème"),
    "12 000": (
        "12000",  # alone in its field: a postcode
        "Rencontrée au 8 bis, rue des Consultants, 12000 Rodez, à 14 h",
        "BP 12 – 12000 Rodez cedex",
        *("Domicilié à 12000 Rodez.", "Siège social : 12000 Rodez", "CS 12000", "bp 12 000"),
        *("L'article L. 12000 du code", "art. R. 12000-3"),
    ),
    "9 812,60": ("9 812", "9 812,50 €", "9 814 €"),
}


@pytest.mark.parametrize(("price", "texts"), OTHERS.items())
def test_another_number_is_not_that_price(price: str, texts: tuple[str, ...]) -> None:
    assert cited_others([(text, text) for text in texts], asking(price), ALPHA) == []


def test_an_amount_that_is_also_theirs_or_of_all_may_be_said() -> None:
    """La même somme que son offre, ou que le cahier des charges, ne dit rien de l'autre."""
    assert told("soit 7 040 €", ALPHA, asking("7 040")) == []
    common = {"documents.cahier_des_charges.conditions.cout_moyen": "900 €"}
    assert told("soit 900 € par jour", ALPHA, asking("900", **common)) == []
    assert told("soit 3 520 € à la signature, puis 880 € par jour", ALPHA) == []
    assert len(told("soit 3 520 € à la signature, puis 880 € par jour", BETA)) == 2
    unsigned = loaded(INDIVIDUELLE, {"documents.convention_tripartite": []})
    assert isinstance(unsigned, Mission)
    assert len(told("soit 3 520 € à la signature", BETA, unsigned)) == 1


@pytest.mark.parametrize(
    ("telephone", "ways"),
    [
        ("+32 2 555 12 12", ("02 555 12 12", "+32 2 555 12 12", "0032/2.555.12.12", "32 25551212")),
        ("+352 26 12 34 56", ("26 12 34 56", "+352 26 12 34 56", "(00352) 26.12.34.56")),
        ("+41 22 767 61 11", ("022 767 61 11", "+41 (0)22 767 61 11", "22 767 6111")),
        ("+39 06 6982 1234", ("06 6982 1234", "+39 06 6982 1234")),
        ("+596 596 60 12 34", ("0596 60 12 34", "+596 (0)596 60 12 34")),
    ],
)
def test_a_telephone_of_another_country_is_found_as_it_is_dialled(
    telephone: str, ways: tuple[str, ...]
) -> None:
    held = {"nom": BETA.nom, "contact": {"nom": "Sacha Prototype", "telephone": telephone}}
    mission = loaded(INDIVIDUELLE, {"mise_en_concurrence.sollicites.1.prestataire": held})
    assert isinstance(mission, Mission)
    for way in ways:
        assert any("le téléphone d'un autre" in one for one in told(f"au {way} !", ALPHA, mission))
    assert told("au 02 61 91 00 30, 26 12 34 57, 555 12 12", ALPHA, mission) == []


def test_of_two_who_are_chosen_each_reads_the_name_of_the_other_and_not_his_price() -> None:
    mission = loaded(INDIVIDUELLE, two_chosen())
    assert isinstance(mission, Mission)
    assert told("avec Sacha Prototype", ALPHA, mission) == []
    [said] = told("pour 9 000 €, et nous 7 040 €", ALPHA, mission)
    assert as_keyed(said).startswith(
        "Le document citerait un prix d'un autre prestataire, « 9 000,00 €"
    )

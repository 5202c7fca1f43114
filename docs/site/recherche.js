// Les quelques mots anglais de la recherche de zensical, en français.
const SAID = {
  "Close search": "Fermer la recherche",
  Filters: "Filtres",
  "Loading search…": "La recherche se prépare…",
  "No results": "Aucun résultat",
  Search: "Rechercher",
  "Search is unavailable. Reload the page to try again.":
    "La recherche n’est pas disponible. Rechargez la page.",
  "Search results": "Résultats de la recherche",
};
const SPOKEN = ["aria-label", "placeholder"];

const french = (text) =>
  SAID[text] ?? text.replace(/^(\d+) result(s?)$/, "$1 résultat$2");

function translate(root) {
  for (const one of root.querySelectorAll(SPOKEN.map((name) => `[${name}]`).join())) {
    for (const name of SPOKEN) {
      const text = one.getAttribute(name);
      if (text && french(text) !== text) one.setAttribute(name, french(text));
    }
  }
  // Le texte lui-même : zensical le tient, et changerait encore celui qu'on aurait ôté.
  for (const { firstChild: text } of root.querySelectorAll("[role=status]")) {
    if (text && french(text.data) !== text.data) text.data = french(text.data);
  }
}

function follow(host) {
  const root = host.shadowRoot;
  if (!root || host.dataset.french) return;
  host.dataset.french = "1";
  translate(root);
  new MutationObserver(() => translate(root)).observe(root, {
    attributes: true,
    characterData: true,
    childList: true,
    subtree: true,
  });
}

addEventListener("load", () => {
  const all = () => [...document.body.children].forEach(follow);
  all();
  new MutationObserver(all).observe(document.body, { childList: true });
});

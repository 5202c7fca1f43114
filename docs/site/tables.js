// Un tableau plus large que l'écran défile : au clavier aussi.
addEventListener("load", () => {
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((held, rank) => {
    held.tabIndex = 0;
    held.setAttribute("role", "region");
    held.setAttribute("aria-label", `Tableau ${rank + 1}`);
  });
});

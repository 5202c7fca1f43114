# Chaque cible prépare tout ce qu'il lui faut : Python >= 3.11 et make suffisent sur une machine neuve.
PYTHON ?=
PROCESSUS ?= 2
COUVERTURE ?=
BIN := .venv/bin
export PYTHON

.DEFAULT_GOAL := aide
.PHONY: aide dossier docs test test-complet bench mutation verrou clean refaire
.NOTPARALLEL:

aide:
	@echo "make dossier   produit les dossiers d'exemple, Word et PDF, dans dossiers/"
	@echo "make docs      fait le site de la documentation, dans build/docs/site"
	@echo "make test      vérifie l'essentiel : ruff, mypy, pytest (PROCESSUS=2 essais à la fois)"
	@echo "make test-complet  passe tous les autres essais, ceux qui prennent du temps"
	@echo "make bench     mesure la vitesse de production des documents"
	@echo "make mutation  met des fautes exprès et compte celles que les essais voient (PROCESSUS=2)"
	@echo "make verrou    recalcule les quatre verrous d'après pyproject.toml"
	@echo "make clean     efface ce que make a fabriqué, l'environnement Python compris, sauf dossiers/"

# Without LibreOffice the Word documents are made all the same. What is there from the last time is
# for dla-docs to make again: it refreshes what a hand changed, where erasing would lose it.
dossier: .venv/pret
	@pdf=; bash .ci/installer_libreoffice.sh && pdf=--pdf; etat=0; \
	for nature in individuelle collective; do \
		$(BIN)/dla-docs dossier samples/mission_$$nature.yaml -o dossiers/$$nature $$pdf || etat=$$?; \
	done; \
	if [ -d dossiers ]; then echo "Les dossiers produits sont dans : $(CURDIR)/dossiers"; find dossiers -name .sauvegardes -prune -o -type f -print | sort; fi; \
	exit $$etat

# The Markdown of each page goes beside it: what a program reads, and what a forge shows.
# The pictures of the gallery are kept in build/galerie from one time to the next.
docs: .venv/pret .venv/pret-docs
	@bash .ci/installer_libreoffice.sh || true
	rm -rf build/docs
	$(BIN)/python -m dla_docs.manual.site build/docs
	$(BIN)/python -m dla_docs.cli.moving_picture build/docs/pages/images/terminal.svg
	$(BIN)/python -m dla_docs.gallery build/docs/pages
	$(BIN)/zensical build --strict -f build/docs/mkdocs.yml
	(cd build/docs/pages && find . -name '*.md' -print0 | xargs -0 tar cf -) | tar xf - -C build/docs/site
	@echo "Le site est dans : $(CURDIR)/build/docs/site/index.html"

# Between two steals each process keeps to neighbouring tests: what they share is made once.
PYTEST = $(BIN)/python -m pytest -n $(PROCESSUS) --dist worksteal

test: .venv/pret-essais
	@bash .ci/installer_libreoffice.sh || true
	@bash .ci/installer_validateur.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST) -m "not lent" --hypothesis-profile=court $(COUVERTURE)

test-complet: .venv/pret-essais
	@bash .ci/installer_libreoffice.sh || true
	@bash .ci/installer_validateur.sh
	$(PYTEST) -m "lent or hypothesis" --hypothesis-profile=complet

bench: .venv/pret-essais
	$(BIN)/python -m tests.bench.bench

# By hand, never in .ci/run: it takes long, and goes on where it was stopped.
mutation: .venv/pret-essais .venv/pret-mutation
	$(BIN)/python -m tests.bench.mutation --processus $(PROCESSUS)

# One resolution, four locks: what the dossier needs, all the rest that the tests need, what makes
# the site, and what makes mutants. The smallest one says who asks for what: the inventory that travels in the wheel is made from it.
verrou: .venv/pret-essais
	$(BIN)/python -m pip install --quiet uv
	$(VERROUILLE) --all-extras --group dev --upgrade --no-annotate -o requirements.lock
	$(VERROUILLE) --extra pdf --extra pptx --group build -c requirements.lock -o requirements-dossier.lock
	$(VERROUILLE) --group build --group docs -c requirements.lock --no-annotate -o requirements-docs.lock
	$(VERROUILLE) --group build --group mutation -c requirements.lock --no-annotate -o requirements-mutation.lock
	@mkdir -p build
	$(VERROUILLE) $(INSTALLATEUR) -c requirements.lock --format pylock.toml -o build/pylock.toml
	$(BIN)/python .ci/roues.py build/pylock.toml

# What the installer of Windows and macOS takes along, as [tool.briefcase] says.
INSTALLATEUR = --extra pdf --extra lot --extra pptx

VERROUILLE = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make verrou" --quiet

# .venv serves the folder it was made in, with the Python that was asked for: copied or moved, it
# would run the code left behind. .venv/pour says both; asking for no Python keeps the one there.
POUR := $(realpath $(BIN)/python):$(CURDIR)
AUTRE :=
ifneq ($(shell sed -n 1p .venv/pour 2>/dev/null),$(POUR))
AUTRE := refaire
endif
ifneq ($(PYTHON),)
ifneq ($(shell sed -n 2p .venv/pour 2>/dev/null),$(PYTHON))
AUTRE := refaire
endif
endif

LIEN = import os; print(os.path.realpath("$(BIN)/python"))

# The lock comes first among what it depends on.
define installe
@bash .ci/installer_python.sh $<
@printf '%s:%s\n%s\n' "$$($(BIN)/python -c '$(LIEN)' 2>/dev/null)" "$$(pwd -P)" "$$PYTHON" > .venv/pour
@touch .venv/pret $@
endef

.venv/pret: requirements-dossier.lock pyproject.toml .ci/installer_python.sh $(AUTRE)
	$(installe)

# The larger lock holds the smaller one: after it the dossier has nothing to install.
.venv/pret-essais: requirements.lock pyproject.toml .ci/installer_python.sh $(AUTRE)
	$(installe)

# Beside what is there: these locks hold no other version of what the others hold.
.venv/pret-docs: requirements-docs.lock pyproject.toml .ci/installer_python.sh $(AUTRE)
	$(installe)

.venv/pret-mutation: requirements-mutation.lock pyproject.toml .ci/installer_python.sh $(AUTRE)
	$(installe)

%.lock:
	@echo "« $@ » manque dans ce dossier : reprenez-le du dépôt (« git checkout -- $@ »)." >&2; exit 1

clean:
	rm -rf .venv build dist .coverage htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache .ci/journal.log .ci/validateur/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

"""Le second moteur : docxtpl, pour les modèles Word faits pour lui, dans un environnement clos."""

from dla_docs.docxtpl_engine.template import DocxtplTemplate, compile_docxtpl, lint_docxtpl

__all__ = ["DocxtplTemplate", "compile_docxtpl", "lint_docxtpl"]

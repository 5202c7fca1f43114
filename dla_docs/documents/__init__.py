"""Les documents du DLA : un module par sorte, sous son nom. ``dla_docs.registry`` les réunit."""

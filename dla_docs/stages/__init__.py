"""Les étapes du chemin d'un document, dans l'ordre où ``pipeline`` les appelle."""

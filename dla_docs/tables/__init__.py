"""Les tableaux : leurs colonnes, leur lecture, leur écriture."""

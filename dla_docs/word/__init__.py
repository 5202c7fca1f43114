"""Le fichier Word : l'ouvrir sans danger, savoir s'il est sain, lire sa page, l'écrire."""

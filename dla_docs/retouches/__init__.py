"""Ce qu'une main a fait d'un fichier que dla-docs avait écrit : le voir, ne jamais l'écraser."""

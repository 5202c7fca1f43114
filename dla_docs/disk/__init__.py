"""Ce que le disque garde le temps d'une écriture.

``temporaries`` est à un programme tant qu'il vit.
"""

"""Les profils : ce qu'une région ou un DLA demande, change et ajoute. Les profils livrés sont les
quatre fichiers d'ici.
"""

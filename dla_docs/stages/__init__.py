"""Les étapes du chemin d'un document, que ``pipeline`` appelle, et ce qu'elles se passent : la
demande, les données qui voyagent, le verdict et sa preuve.
"""

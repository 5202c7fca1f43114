"""Les formulaires qui ne sont pas des documents d'une mission ; chacun est une classe de document,
faite et relue comme les autres.
"""

"""Les réponses écrites dans la mission : où vit chaque fait, ce qu'il faut y poser, et la preuve
que rien d'autre n'a changé ; ce qui se défait.
"""

"""``python -m dla_docs`` : la commande ``dla-docs``, là où elle n'est pas sur le chemin."""

from dla_docs.cli import main

if __name__ == "__main__":
    main()

"""``python -m dla_docs.cli`` : la commande ``dla-docs``."""

from dla_docs.cli import main

if __name__ == "__main__":
    main()

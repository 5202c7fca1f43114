"""Un exemple d'outil qui s'appuie sur dla_docs."""

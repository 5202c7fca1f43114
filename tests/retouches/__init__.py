"""Les documents qu'une main a retouchés, et que la mission rafraîchit."""

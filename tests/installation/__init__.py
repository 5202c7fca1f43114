"""Ce qu'une machine installe, et ce que le paquet en dit."""

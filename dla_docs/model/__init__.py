"""Le moule : ce dont un document est fait, ce qu'il accepte, ce qu'un guide en demande."""

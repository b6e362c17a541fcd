"""Where it happens: the places that we serve, with what is wrong there. No outside service."""

"""Documents for people outside: accessible Dutch PDFs, the same bytes from the same content."""

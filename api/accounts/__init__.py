"""Who may do what: accounts, sessions, permissions, and the record of who did and saw what."""

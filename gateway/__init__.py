"""What runs on the modem in the home. Imports nothing else of ours."""

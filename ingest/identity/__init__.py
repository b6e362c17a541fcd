"""Who a modem is: codes to enrol with, certificates, revocation, and what is odd about it."""

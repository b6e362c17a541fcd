"""What the platform promises itself: objectives with their targets, measured again and again.

``catalogue`` says what they are; ``measuring`` asks the database and keeps the answers;
``surroundings`` looks at disks and certificates.
"""

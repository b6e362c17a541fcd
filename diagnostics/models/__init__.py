"""Models that were trained, and how: features, training, storage, and the card beside each.

``features`` says what a model looks at, ``recordings`` reads what it learns from, ``training``
trains it and a plain baseline and keeps the better, ``storage`` writes and reads both model and
``card``. The models that ship lie in this folder; ``liftwacht-diagnostics train`` makes them anew.
"""

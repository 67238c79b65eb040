"""An outsider's attack on the public folder of a release: whole numbers that fit everything printed.

Built from what a release prints and the pages beside it by somebody who had not read the program; it imports nothing of
it. `python -m tests.attack FOLDER` says what is certain, `python -m tests.attack.pencil FOLDER` works one line out by
hand.
"""

"""The identity vault of clinical mode: everybody's intake writes into it, the outbound gateway alone reads.

keys.py      the pair: made once, read from files
sealing.py   an identity becomes bytes that only the private key opens (public key)
keeper.py    what the intake calls: seal, insert
opening.py   look-up: logged first, then opened, then checked against the film (private key)
"""

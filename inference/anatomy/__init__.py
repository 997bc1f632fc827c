"""What a hand is made of: the 17 regions, and the geometry of their boxes."""

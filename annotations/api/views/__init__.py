"""Each view checks the shape of what came, calls one service or selector, and answers with one presenter."""

"""Films: from the bytes a hospital sends to grey values, a clean copy, a verdict and the picture a model sees.

Nothing in here imports a learning library; a web process may import all of it.
"""

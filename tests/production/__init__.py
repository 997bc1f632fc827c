"""The production path: docker files, programs on real servers, backup and restore, moving, installing offline."""

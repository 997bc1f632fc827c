"""Signed results on their way to a PACS. The gateway is a process of its own; in clinical mode it alone has the key."""

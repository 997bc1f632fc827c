"""Who may see what and who may do what, in pairs: ``..._visible_to(person) -> QuerySet`` and ``can_...(person, row)``.

Rights follow from rows (role, assignment, read, exposure). The API takes its querysets only from here. A queue is a
right as well: what a person may be handed next.
"""

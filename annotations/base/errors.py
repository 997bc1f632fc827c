"""How this app says no. Each refusal has a code that the front end translates and a sentence that says what to do."""

from typing import Any


class Refusal(Exception):  # an answer, not an accident
    """Base of all refusals; services raise its children and the API maps each child to one HTTP status.

    Args:
        code: snake_case, stable, translated by whoever shows it.
        message: an English sentence that says what to do.
        details: machine-readable context without any identity.
    """

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details


class Invalid(Refusal):
    """What was sent makes no sense by itself."""


class NotAllowed(Refusal):
    """This person may not do this to this object."""


class NotThere(Refusal):
    """No such object, or none that this person may know of."""


class Conflict(Refusal):
    """The request makes sense, but not in the present state."""


class StaleState(Conflict):
    """Somebody was faster: the row no longer has the status that was read."""

    def __init__(self, noun: str, expected: str) -> None:
        super().__init__(
            "stale_state",
            f"This {noun} is no longer {expected}: somebody else changed it. Reload and look again.",
            noun=noun,
            expected=expected,
        )

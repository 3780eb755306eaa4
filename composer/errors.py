"""Every error squaredesk raises on purpose; each message says what to do.

One root, one family per kind of remedy. A caller that cannot help catches
`SquaredeskError`, prints it and stops; nothing returns `None` to mean failure.
"""


class SquaredeskError(Exception):
    """Something squaredesk refuses to do; the message says what would make it work."""


class ConfigError(SquaredeskError):
    """Settings, plans or arguments are wrong; correct the named key."""


class SourceError(SquaredeskError):
    """A data source gave no usable answer."""


class SourceUnavailableError(SourceError):
    """The source did not answer; trying again later may help."""


class SourceRefusedError(SourceError):
    """The source answered no; our request, key or location has to change."""


class SourceDataError(SourceError):
    """The source answered with something that is not what it promises."""


class FiguresError(SquaredeskError):
    """The market data cannot bear the figure that was asked for."""


class RenderError(SquaredeskError):
    """A text or a chart could not be made from the facts at hand."""


class StateError(SquaredeskError):
    """What was asked does not fit the state things are in."""


class ConflictError(StateError):
    """Somebody else changed the draft first; look at it again."""


class AlteredError(StateError):
    """What is stored is not what was signed; it has to be approved again."""


class NotFoundError(StateError):
    """There is nothing under this name or number."""


class PublishError(SquaredeskError):
    """A platform surely did not take a post; if that is `permanent`, asking again is no use."""

    permanent = True


class ContentRefusedError(PublishError):
    """The platform does not want this text or picture; an editor has to change it."""


class AccountRefusedError(PublishError):
    """The platform does not serve this account or key any more; an operator has to look."""


class QuotaError(PublishError):
    """The platform takes nothing more for now; `wait_s` says how long, where it told."""

    permanent = False

    def __init__(self, message: str, *, wait_s: float | None = None) -> None:
        """Keep the platform's words and how long it wants to be left alone, in seconds."""
        super().__init__(message)
        self.wait_s = wait_s


class UnsentError(PublishError):
    """Nothing became public and the call may be made again: it never left, or may be repeated."""

    permanent = False


class HeldError(StateError):
    """Sending is held, for an account or for all; it goes on when the hold is released."""


class UnclearAnswerError(SquaredeskError):
    """The call was made and nobody knows what became of it; a person has to look."""


class RefusedError(StateError):
    """The house's rules do not allow it; the message says which."""

"""Make an edition in steps that are stored one by one, so that a crash loses only one.

First the market is looked at and stored with the edition, in one transaction with the
slot it is made for: from then on there is no second one. Then come the drafts of one
locale after the other. Whoever takes an unfinished edition up makes what is missing
from the stored market, byte for byte what would have come without the break.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from composer.market.sources import Source
from composer.newsroom.archive import keep_drafts, open_edition, reopen_edition
from composer.newsroom.drawing import draw_images
from composer.newsroom.editions import Drafter, assemble
from composer.newsroom.observing import Observed, look
from composer.newsroom.plans import Plan
from composer.newsroom.ports.drafts import DraftStore
from composer.newsroom.ports.world import Draw
from composer.newsroom.records.drafts import EditionCard
from composer.newsroom.records.editions import Commission, Draft, Edition
from composer.newsroom.records.slots import Claim, Slot
from composer.newsroom.remembering import recall_from, remember

Order = Callable[[Plan], tuple[Commission, Sequence[Source]]]
# Called between steps, with the name of the last one; it may raise to stop there.
Step = Callable[[str], None]


class EditionMaker:
    """Makes the editions of slots, from their beginning or from where somebody stopped."""

    def __init__(self, store: DraftStore, order: Order, draw: Draw) -> None:
        """Keep editions in `store`, made as `order` says for a plan, with charts by `draw`."""
        self._store = store
        self._order = order
        self._draw = draw

    def __call__(self, plan: Plan, slot: Slot, claim: Claim, step: Step) -> EditionCard:
        """Return the edition of a slot, complete.

        Raises ConflictError if the claim is lost, and what `step` and each room raise.
        """
        commission, sources = self._order(plan)
        commission = replace(commission, occasion=f"{slot.plan} {slot.local_date}")
        if slot.edition is None:
            observed = remember(look(commission, sources), self._store)
            step("looked")
            open_edition(observed, self._store, claim)
            step("opened")
        else:
            observed = reopen_edition(slot.edition, commission, self._store)
        made = {(one.locale, one.format) for one in self._store.edition(observed.id).drafts}
        missing = [
            locale
            for locale in commission.locales
            if not made.issuperset((locale, one) for one in commission.formats)
        ]
        _make_drafts(observed, missing, self._store, self._draw, step)
        return self._store.edition(observed.id)


def make_and_keep(observed: Observed, store: DraftStore, draw: Draw) -> Edition:
    """Return the edition that somebody asks for by hand, kept in the store step by step."""
    observed = remember(observed, store)
    open_edition(observed, store)
    locales = observed.commission.locales
    return assemble(observed, _make_drafts(observed, locales, store, draw, _go_on))


def _make_drafts(
    observed: Observed, locales: Iterable[str], store: DraftStore, draw: Draw, step: Step
) -> list[Draft]:
    drafts: list[Draft] = []
    drafter = Drafter(observed, recall_from(store, observed.id))
    for locale in locales:
        images = draw_images(observed, locale, observed.commission.formats, draw)
        step(f"{locale} drawn")
        written = drafter.drafts(locale, images)
        keep_drafts(observed, written, store)
        step(f"{locale} kept")
        drafts += written
    return drafts


def _go_on(_step: str) -> None:
    pass

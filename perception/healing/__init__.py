"""The second, slower way to find an element: both whole screens held side by side, after `perception.locate` said no.

    heal(then, target, now, selector=...)  ->  Healed | Unhealed
    page_now(then, now)                    ->  World: whether it is the page, and how much of it is as it was

Lower modules never import this one, and the strict way never waits for it.
"""

from perception.healing.answers import Healed, Healing, Proof, Unhealed
from perception.healing.decision import heal
from perception.healing.pages import World, page_now
from perception.meanings import means_same

__all__ = ["Healed", "Healing", "Proof", "Unhealed", "World", "heal", "means_same", "page_now"]

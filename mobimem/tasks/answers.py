"""What the owner says while one task runs: every question is journalled, and nothing is asked twice."""

from __future__ import annotations

from dataclasses import dataclass, field

from mobimem.tasks.asking import YES, YES_OR_NO, AskedOwner, Asker
from mobimem.tasks.grounding import Said
from mobimem.tasks.hand import Hand
from mobimem.tasks.scope import after_choice


@dataclass(slots=True)
class Answers:
    """Those of one task. `said` is all that the owner said of it, `asked` how often they were asked.

    `unwanted` is what the owner said no to, and is not asked again; `agreed` what was chosen on the way without being
    named, and the owner said yes to.
    """

    hand: Hand
    asker: Asker
    said: Said
    asked: int = 0
    unwanted: set[object] = field(default_factory=set)
    agreed: set[str] = field(default_factory=set)

    def ask(self, question: AskedOwner) -> str | None:
        """Waits for the owner; the journal says so before and after."""
        self.asked += 1
        self.hand.note("waiting", question.says, {"kind": question.kind, "quoted": question.quoted})
        answer = self.asker.ask(question)
        data = {"kind": question.kind, "quoted": question.quoted, "answered": answer is not None}
        self.hand.note("answer", "nobody answered" if answer is None else answer, data)
        return answer

    def heard(self, question: str, answer: str) -> None:
        """What the owner answered to a question of the model's."""
        self.said = self.said.answered(question, answer)

    def not_agreed(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """The names of what was chosen last, the first being what it is called; () where the owner agreed to that."""
        return () if self.agreed.intersection(chosen[:1]) else chosen

    def may(self, question: str, why: str, chosen: tuple[str, ...]) -> bool | None:
        """Whether the owner lets the model do what they did not say; None if nobody answers.

        A no holds from then on; a yes also covers what was chosen, where the question names it.
        """
        if question in self.unwanted:
            return False
        answer = self.ask(AskedOwner("doubt", f"The model would {question}. May it?", YES_OR_NO, why))
        if answer == YES:
            self.agreed.update(name for name in chosen[:1] if question.endswith(after_choice(name)))
        elif answer is not None:
            self.unwanted.add(question)
        return None if answer is None else answer == YES

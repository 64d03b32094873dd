"""All tasks of `mobimem eval tasks`."""

from __future__ import annotations

from typing import Final

from mobimem.evals.tasks_errands import ERRANDS
from mobimem.evals.tasks_people import PEOPLE
from mobimem.evals.tasks_questions import QUESTIONS
from mobimem.evals.tasks_task import Probe, Task
from mobimem.evals.tasks_things import THINGS

PROBES: Final[tuple[Probe, ...]] = (
    # Words that are near the suite's own: what memory reads in them is told, and nothing is done. Each was once said of
    # a task here and read as another one, or as none, which is why the task is worded otherwise.
    Probe("write happy birthday to Carol", "text-someone", ("happy birthday", "Carol")),
    Probe("the note Garden says sow peas", "change-note", ("Garden", "sow peas")),
    Probe("Oliver is called Zoe", "rename-contact", ("Oliver", "Zoe")),
    Probe("transfer the event Choir practice to Pier 7", "move-event-to-another-place", ("Choir practice", "Pier 7")),
    Probe("call Alice again", "call-back", ("Alice",)),
    Probe("answer Bob's mail: I am running late", "answer-mail", ("Bob", "I am running late")),
    Probe("answer Alice: see you at eight", "reply", ("Alice", "see you at eight")),
    Probe("order the usual", "order-the-usual", ()),
    Probe("book a taxi to the station", "", ()),
    Probe("order a pizza", "", ()),
    Probe("remove the note Books to read", "delete-note", ("Books to read",)),
    Probe("mark all messages as read", "mark-all-read", ()),
    Probe("cancel the alarm School", "", ()),
    Probe("put off the alarm School", "", ()),
    Probe("delete all notes", "", ()),
    Probe("delete every alarm", "", ()),
    Probe("do not call Maria", "", ()),
    Probe("unmute the app Wallet", "", ()),
    Probe("pay Bob Stone", "", ()),
    Probe("turn the alarm Work on", "", ()),
    # Questions near those of the suite: what they ask for is another thing, or the same in other words.
    Probe("where is Choir practice in the calendar?", "", ()),
    Probe("what is the e-mail of Carol?", "", ()),
    Probe("what is the number of this phone?", "", ()),
    Probe("what is this app called?", "", ()),
    Probe("how much is in the wallet?", "ask-balance", ()),
    Probe("how much does the Wool scarf cost in the shop?", "ask-price", ("Wool scarf",)),
)

TASKS: Final[tuple[Task, ...]] = (*ERRANDS, *PEOPLE, *THINGS, *QUESTIONS)

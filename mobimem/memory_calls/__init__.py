"""What the owner of the data folder does with the memory for whoever asks: requests, results, and the work.

`looking` answers and changes nothing, `telling` remembers and forgets, `keeping` moves and checks the whole; `lines` is
how facts and tasks are told in all of them. `mobimem.service.memories` offers these as use cases. Everything here is
plain data to its caller, for it may have come from another process (`mobimem.owner`).
"""

"""Pairs of tasks that look alike and are not: generated from general lists, none from an evaluation file.

`pairs()` gives (known words, shown texts, other words of the known task, asked words): asked after the known words were
learnt, and again after the other words were, the asked words must never be taken for the task. `alikes()` gives pairs
that do mean the same, so that turning everything down is no way to pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Trap(NamedTuple):
    """What was taught (and in which other words), and what is asked."""

    known: str
    shown: tuple[str, ...]
    also: str
    asked: str
    why: str


_OPPOSITE = [
    *(("create", "delete"), ("add", "remove"), ("open", "close"), ("archive", "unarchive"), ("pin", "unpin")),
    *(("lock", "unlock"), ("install", "uninstall"), ("hide", "unhide"), ("mute", "unmute"), ("upload", "download")),
    *(("enable", "disable"), ("turn on", "turn off"), ("follow", "unfollow"), ("block", "unblock"), ("send", "delete")),
    *(("start", "stop"), ("pause", "resume"), ("save", "delete"), ("connect", "disconnect"), ("accept", "decline")),
    *(("like", "dislike"), ("import", "export"), ("buy", "cancel"), ("book", "cancel"), ("increase", "decrease")),
    *(("subscribe to", "unsubscribe from"), ("join", "leave"), ("show", "hide"), ("favourite", "unfavourite")),
]
_OTHER = [
    *(("forward", "send"), ("reply to", "forward"), ("copy", "move"), ("rename", "delete"), ("rename", "copy")),
    *(("share", "delete"), ("edit", "delete"), ("print", "share"), ("play", "download"), ("call", "text")),
    *(("call", "email"), ("text", "email"), ("pin", "archive"), ("mute", "block"), ("snooze", "delete")),
    *(("open", "delete"), ("sort", "delete"), ("export", "delete"), ("read", "delete"), ("star", "archive")),
    *(
        ("rate", "uninstall"),
        ("update", "uninstall"),
        ("cancel", "reschedule"),
        ("pay", "request"),
        ("order", "return"),
    ),
    *(("translate", "delete"), ("crop", "rotate"), ("record", "delete"), ("scan", "print"), ("merge", "split")),
]
_THINGS = ["note", "photo", "playlist", "event", "message", "file", "contact", "alarm"]
_TRAITS = [
    *(("first", "last"), ("newest", "oldest"), ("next", "previous"), ("largest", "smallest"), ("public", "private")),
    *(("unread", "starred"), ("cheapest", "most expensive"), ("blue", "red"), ("weekly", "daily"), ("second", "third")),
]
_QUANTITIES = [
    *("all {t}s named {v}", "every {t} named {v}", "each {t} named {v}", "any two {t}s named {v}"),
    *("the last three {t}s named {v}", "several {t}s named {v}", "only the first {t} named {v}"),
    *("everything but the {t} named {v}", "all {t}s except {v}", "half of the {t}s named {v}", "both {t}s named {v}"),
    *("the {t}s other than {v}", "a copy of the {t} named {v}", "the duplicates of the {t} named {v}"),
]
_NEGATED = [
    *("do not {v}", "don't {v}", "never {v}", "please do not {v}", "make sure not to {v}", "avoid: {v}"),
    *("{v}, but do not save it", "cancel this: {v}", "ask Ann to {v}", "remind me to {v}", "undo: {v}"),
]
_CONDITIONS = [
    *("if it rains", "unless it is locked", "only if it is empty", "except on Sundays", "twice", "every hour"),
    *(
        "and then delete it",
        "and share it with Bob",
        "and print it",
        "at 5 pm",
        "for everyone",
        "instead of the old one",
    ),
    *("without saving", "in the background", "and lock the screen", "from the trash", "as draft", "and mute it"),
]
_SWAPPED = [
    ("Set a timer for {v}, do not start it", "Do not set a timer for {v}, start it"),
    ("Create the note {v} and delete the folder", "Delete the note {v} and create the folder"),
    ("Turn on wifi and turn off bluetooth for {v}", "Turn off wifi and turn on bluetooth for {v}"),
    ("Send 2 photos and 3 videos to {v}", "Send 3 photos and 2 videos to {v}"),
    ("Open the first photo of the last album named {v}", "Open the last photo of the first album named {v}"),
    ("Delete all notes and keep one photo of {v}", "Delete one note and keep all photos of {v}"),
    ("Mute the group {v} and unmute the chat", "Unmute the group {v} and mute the chat"),
    ("Move the file {v} from Inbox to Work", "Move the file {v} from Work to Inbox"),
    ("Delete all but one of the notes named {v}", "Delete one of the notes named {v}"),
    ("Delete all but one of the notes named {v}", "Delete all notes named {v}"),
    ("Delete any note named {v}", "Delete all notes named {v}"),
    ("Buy at least two tickets for {v}", "Buy at most two tickets for {v}"),
    ("Buy two tickets for {v}", "Buy three tickets for {v}"),
    ("Save the photo of {v}", "Take a photo of {v}"),
    ("Delete the blue note {v}", "Delete the note {v}"),
    ("Delete the photos in the album {v}", "Delete the album {v}"),
    ("What is the location of my event {v}", "What is the date of my event {v}"),
    ("How many notes are in {v}", "How much space do notes need in {v}"),
    ("When does the event {v} start", "When does the event {v} end"),
    ("Share the location with {v}", "Share the photo with {v}"),
    ("Forward the newest message to {v}", "Send the newest message to {v}"),
    ("Reply to the newest message from {v}", "Delete the newest message from {v}"),
    ("Set the brightness to maximum", "Set the brightness to minimum"),
    ("Increase the volume", "Set the volume to minimum"),
    ("Unlock the door for {v}", "Lock the door for {v}"),
]
_ZH = [
    ("创建名为“{v}”的笔记", "删除名为“{v}”的笔记"),
    ("打开蓝牙", "关闭蓝牙"),
    ("给{v}打电话", "给{v}发消息"),
    ("删除“{v}”的照片", "不要删除“{v}”的照片"),
    ("删除笔记“{v}”", "删除所有笔记“{v}”"),
    ("点两杯“{v}”", "点三杯“{v}”"),
    ("播放第一个视频“{v}”", "播放最后一个视频“{v}”"),
    ("关注“{v}”", "取消关注“{v}”"),
    ("预订“{v}”的酒店", "取消“{v}”的酒店"),
    ("把音量调高", "把音量调低"),
    ("上传文件“{v}”", "下载文件“{v}”"),
    ("回复“{v}”的消息", "转发“{v}”的消息"),
]
_DE = [
    ("Lösche die Notiz {v}", "Erstelle die Notiz {v}"),
    ("Schalte das WLAN ein", "Schalte das WLAN aus"),
    ("Lösche die Notiz {v}", "Lösche alle Notizen {v}"),
    ("Rufe {v} an", "Schreibe {v}"),
    ("Lösche die Datei {v}", "Lösche die Datei {v} nicht"),
    ("Lade die Datei {v} herunter", "Lade die Datei {v} hoch"),
    ("Öffne das erste Foto von {v}", "Öffne das letzte Foto von {v}"),
    ("Erhöhe die Lautstärke", "Verringere die Lautstärke"),
]
_ES = [
    ("Crea la nota {v}", "Borra la nota {v}"),
    ("Activa el wifi", "Desactiva el wifi"),
    ("Borra la nota {v}", "Borra todas las notas {v}"),
    ("Llama a {v}", "Escribe a {v}"),
    ("Borra el archivo {v}", "No borres el archivo {v}"),
    ("Sube el archivo {v}", "Descarga el archivo {v}"),
    ("Abre la primera foto de {v}", "Abre la última foto de {v}"),
    ("Sube el volumen", "Baja el volumen"),
]
_FR = [
    ("Crée la note {v}", "Supprime la note {v}"),
    ("Active le wifi", "Désactive le wifi"),
    ("Supprime la note {v}", "Supprime toutes les notes {v}"),
    ("Appelle {v}", "Écris à {v}"),
    ("Supprime le fichier {v}", "Ne supprime pas le fichier {v}"),
    ("Ouvre la première photo de {v}", "Ouvre la dernière photo de {v}"),
    ("Augmente le volume", "Baisse le volume"),
    ("Verrouille la porte de {v}", "Déverrouille la porte de {v}"),
]
VALUE, OTHER_VALUE = "Harbour Walk", "Stone Bridge"


def pairs() -> Iterator[Trap]:
    """All traps; the value differs between what is known and what is asked."""
    for one, other in (*_OPPOSITE, *_OTHER):
        for thing in _THINGS:
            for verb, wrong in ((one, other), (other, one)):
                known, asked = f"{verb} the {thing} {{v}}", f"{wrong} the {thing} {{v}}"
                yield _trap(known, asked, f"in Filer, {verb} the {thing} called {{v}}", "other effect")
    for trait, wrong in (pair for both in _TRAITS for pair in (both, both[::-1])):
        for thing in _THINGS:
            yield _trap(f"share the {trait} {thing} with {{v}}", f"share the {wrong} {thing} with {{v}}", "", "trait")
    for thing, wrong in ((a, b) for a in _THINGS for b in _THINGS if a != b):
        yield _trap(
            f"delete the {thing} {{v}}", f"delete the {wrong} {{v}}", f"remove the {thing} named {{v}}", "thing"
        )
    for thing in _THINGS:
        for quantity in _QUANTITIES:
            asked = "delete " + quantity.replace("{t}", thing)
            yield _trap(f"delete the {thing} named {{v}}", asked, f"remove the {thing} {{v}}", "quantity")
        whole = f"delete the {thing} named {{v}}"
        for frame in _NEGATED:
            yield _trap(whole, frame.replace("{v}", whole), f"erase the {thing} {{v}}", "negation")
        for condition in _CONDITIONS:
            yield _trap(whole, f"{whole} {condition}", f"erase the {thing} {{v}}", "condition")
    for number in range(2, 12):
        yield _trap(f"order {number} teas from {{v}}", f"order {number + 1} teas from {{v}}", "", "number")
    for rows in (_SWAPPED, _ZH, _DE, _ES, _FR):
        for known, asked in rows:
            yield _trap(known, asked, "", "swapped")
            if (known, asked) not in _SWAPPED[8:12]:
                yield _trap(asked, known, "", "swapped")


def _trap(known: str, asked: str, also: str, why: str) -> Trap:
    learnt = known.replace("{v}", VALUE)
    shown = (VALUE,) if "{v}" in known else ()
    return Trap(learnt, (*shown, "OK", "Save"), also.replace("{v}", VALUE), asked.replace("{v}", OTHER_VALUE), why)


def alikes() -> Iterator[Trap]:
    """Pairs that mean the same: the other side of the scale."""
    same = [
        *(("create", "make"), ("delete", "remove"), ("open", "launch"), ("show", "display"), ("edit", "modify")),
        *(("share", "send"), ("delete", "get rid of"), ("search for", "look for"), ("copy", "duplicate")),
        *(("archive", "please archive"), ("download", "fetch"), ("mark", "flag"), ("delete", "find and delete")),
    ]
    for one, other in same:
        for thing in _THINGS:
            yield _trap(f"{one} the {thing} named {{v}}", f"{other} the {thing} called {{v}}", "", "same")
    for frame in ("delete {q} notes named {v}", "archive {q} messages from {v}"):
        for quantity, other in (("all", "all the"), ("all", "all of the"), ("all", "any")):
            asked = frame.replace("{q}", other)
            yield _trap(frame.replace("{q}", quantity), asked, "", "same")

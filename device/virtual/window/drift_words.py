"""Other words that an app might use for a label, by language."""

from __future__ import annotations

from collections.abc import Mapping

SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "Save": "Done", "Send": "Submit", "Cancel": "Discard", "Delete": "Remove", "Edit": "Change", "Add": "Insert",
        "New": "Create", "Search": "Find", "Settings": "Preferences",
        "OK": "Got it", "Done": "Finish", "Back": "Return",
        "Close": "Dismiss", "Name": "Full name", "Phone": "Mobile", "Email": "E-mail address", "Title": "Heading",
        "Messages": "Chats", "New message": "Start chat", "Contacts": "People", "Call": "Dial", "Message": "Text",
        "New contact": "Add person", "Alarm": "Wake-up", "Alarms": "Wake-ups", "Timer": "Countdown", "Start": "Begin",
        "Stop": "End", "Pause": "Hold", "Reset": "Start over", "Share": "Forward", "Favorites": "Starred",
        "Notes": "Memos", "New note": "Write memo", "Yes": "Confirm", "No": "Decline", "More": "Options",
        "More options": "Further actions", "Navigate up": "Go back", "Text": "Write", "Text message": "Write here",
        "Send SMS": "Submit", "Next": "Continue", "Note": "Memo", "Label": "Caption", "Repeat": "On days",
        "Recents": "Call history", "Dial": "Ring up", "Resume": "Go on", "Lap": "Round", "Wi-Fi": "Wireless",
    },
    "zh": {
        "保存": "完成", "发送": "提交", "取消": "放弃",
        "删除": "移除", "编辑": "修改", "添加": "新建", "新建": "创建",
        "搜索": "查找", "设置": "偏好设置", "确定": "好的",
        "完成": "结束", "返回": "后退", "关闭": "退出", "姓名": "名字",
        "电话": "手机号", "邮箱": "电子邮件地址", "标题": "题目", "信息": "聊天", "联系人": "通讯录", "呼叫": "拨打",
        "闹钟": "起床提醒", "计时器": "倒计时", "开始": "启动", "停止": "结束", "暂停": "暂歇", "重置": "重新开始",
        "分享": "转发", "便签": "备忘录", "是": "确认", "否": "拒绝", "更多": "选项",
    },
    "de": {
        "Speichern": "Fertig", "Senden": "Abschicken", "Abbrechen": "Verwerfen", "Löschen": "Entfernen",
        "Bearbeiten": "Ändern", "Hinzufügen": "Neu anlegen", "Neu": "Anlegen", "Suchen": "Finden",
        "Einstellungen": "Optionen", "OK": "Verstanden", "Fertig": "Abschließen", "Zurück": "Vorherige",
        "Schließen": "Beenden", "Name": "Voller Name", "Telefon": "Mobilnummer", "E-Mail": "E-Mail-Adresse",
        "Titel": "Überschrift", "Nachrichten": "Chats", "Kontakte": "Personen", "Anrufen": "Wählen",
        "Wecker": "Weckzeit", "Timer": "Countdown", "Start": "Los", "Stopp": "Anhalten", "Pause": "Unterbrechen",
        "Zurücksetzen": "Von vorn", "Teilen": "Weiterleiten",
        "Notizen": "Memos", "Ja": "Bestätigen", "Nein": "Ablehnen",
        "Mehr": "Optionen",
    },
}  # fmt: skip

# Word by word, for the labels above that are not listed as a whole. Language by language; Chinese has no blanks.
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "access": "permission", "add": "insert", "airplane": "flight", "alarm": "wake-up", "alarms": "wake-ups",
        "allow": "permit", "amount": "sum", "apps": "programs", "automatically": "by itself", "balance": "funds",
        "battery": "power", "brightness": "light", "call": "phone call", "camera": "photo", "chat": "talk",
        "clear": "empty", "color": "colour", "contact": "person", "contacts": "people", "conversation": "thread",
        "copy": "duplicate", "create": "make", "dark": "night", "data": "traffic", "date": "day", "delete": "remove",
        "device": "handset", "devices": "handsets", "discard": "drop", "display": "screen", "disturb": "bother",
        "edit": "change", "email": "e-mail", "end": "finish", "enter": "type", "favorites": "starred",
        "font": "letter", "help": "support", "history": "record", "hour": "hours", "install": "set up",
        "keypad": "number pad", "languages": "tongues", "level": "amount", "light": "mode", "location": "position",
        "lock": "standby", "mark": "set", "message": "words", "messages": "words", "microphone": "sound",
        "minute": "minutes", "mobile": "cellular", "mode": "state", "name": "designation", "network": "connections",
        "new": "fresh", "next": "continue", "note": "memo", "notes": "memos", "notification": "alert",
        "notifications": "alerts", "number": "digits", "only": "just", "options": "actions", "passwords": "passcodes",
        "pay": "transfer", "payment": "transfer", "percentage": "level", "person": "human", "phone": "handset",
        "privacy": "confidentiality", "recipient": "payee", "remove": "take", "reset": "restart", "saver": "saving",
        "screen": "panel", "search": "find", "security": "protection", "send": "submit", "settings": "preferences",
        "show": "list", "size": "scale", "sound": "audio", "sounds": "tones", "speaker": "loud", "start": "begin",
        "stop": "end", "stopwatch": "chronometer", "system": "general", "text": "words", "theme": "look",
        "time": "hour", "timeout": "standby", "timer": "countdown", "tones": "beeps", "touch": "tap", "type": "write",
        "use": "enable", "vibrate": "buzz", "vibration": "buzzing", "volume": "loudness", "write": "compose",
    },
    "de": {
        "alarm": "Weckzeit", "benachrichtigungen": "Hinweise", "chat": "Unterhaltung", "datum": "Tag",
        "design": "Aussehen", "hinzufügen": "anlegen", "kontakt": "Person", "kontakte": "Personen",
        "löschen": "entfernen", "nachricht": "Mitteilung", "neue": "Frische", "notiz": "Memo", "optionen": "Aktionen",
        "schreiben": "verfassen", "senden": "abschicken", "starten": "beginnen", "suchen": "finden",
        "telefon": "Gerät", "wecker": "Weckzeit", "weitere": "Mehr",
    },
}  # fmt: skip


def synonym(words: str, language: str) -> str:
    """Other words for a label; the same words where none are known."""
    whole = SYNONYMS.get(language, {}).get(words)
    if whole is not None:
        return whole
    table = WORDS.get(language, {})
    parts = [table.get(part.casefold(), part) for part in words.split(" ")]
    said = " ".join(parts)
    return said[:1].upper() + said[1:] if parts != words.split(" ") and words[:1].isupper() else said

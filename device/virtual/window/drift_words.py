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

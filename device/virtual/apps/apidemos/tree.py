"""ApiDemos: what is in which menu, and which activity shows which sample.

A menu is a dict from a row's words to the menu behind it; an empty one is a sample. The names and their order are those
of Android's public ApiDemos sample as Appium packs it.
"""

from __future__ import annotations

from typing import TypeAlias

Menu: TypeAlias = dict[str, "Menu"]


def _samples(names: str) -> Menu:
    """A menu of samples only, from their names divided by bars."""
    return {name.strip(): {} for name in names.split("|")}


_APP: Menu = {
    "Action Bar": _samples("Action Bar Mechanics | Action Bar Tabs | Action Bar Usage | Display Options"),
    "Activity": _samples(
        "Animation | Custom Dialog | Custom Title | Dialog | Finish Affinity | Forwarding | Hello World | Max Memory"
        " | Persistent State | Presentation | QuickContactsDemo | Receive Result | Recreate | Redirection"
        " | Reorder Activities | Rotation Animation | Save & Restore State | Screen Orientation | Secure Surfaces"
        " | Set Wallpaper | Soft Input Modes | SystemUIModes | Translucent | Translucent Blur"
        " | TranslucentFancy | Wallpaper"
    ),
    "Alarm": _samples("Alarm Controller | Alarm Service"),
    "Alert Dialogs": {},
    "Device Admin": {},
    "Fragment": _samples(
        "Alert Dialog | Arguments | Context Menu | Custom Animations | Dialog | Dialog or Activity | Hide and Show"
        " | Layout | List Array | Menu | Nesting Tabs | Receive Result | Retain Instance | Stack | Tabs"
    ),
    "Launcher Shortcuts": {},
    "Loader": _samples("Cursor | Custom | Retained | Throttle"),
    "Menu": _samples("Inflate from XML"),
    "Notification": _samples("IncomingMessage | Notifying Service Controller | NotifyWithText | Status Bar"),
    "Search": _samples("Invoke Search | Query Search Results"),
    "Service": _samples(
        "Foreground Service Controller | Isolated Service Controller | Local Service Binding | Local Service Controller"
        " | Messenger Service | Remote Service Binding | Remote Service Controller | Start Arguments Controller"
    ),
    "Text-To-Speech": {},
    "Voice Recognition": {},
}

_GRAPHICS = _samples(
    "AlphaBitmap | AnimateDrawables | Arcs | BitmapDecode | BitmapMesh | BitmapPixels | CameraPreview | ColorFilters"
    " | ColorMatrix | Compass | CreateBitmap | Density | Drawable | FingerPaint | Layers | MeasureText | OpenGL ES"
    " | PathEffects | PathFillTypes | Patterns | Pictures | Points | PolyToPoly | Purgeable Bitmap | Regions"
    " | RoundRects | ScaleToFit | SensorTest | ShadowGradient | Shape Drawable | SurfaceView Overlay | Sweep"
    " | Text Align | Touch Paint | Typefaces | UnicodeChart | Vertices | Xfermodes"
)

_VIEWS: Menu = {
    "Animation": _samples("3D Transition | Interpolators | Push | Shake"),
    "Auto Complete": _samples(
        "1. Screen Top | 2. Screen Bottom | 3. Scroll | 4. Contacts | 5. Contacts with Hint | 6. Multiple items"
    ),
    "Buttons": {},
    "Chronometer": {},
    "Controls": _samples("1. Light Theme | 2. Dark Theme | 3. Holo Light Theme | 4. Holo Dark Theme"),
    "Custom": {},
    "Date Widgets": _samples("1. Dialog | 2. Inline"),
    "Drag and Drop": {},
    "Expandable Lists": _samples("1. Custom Adapter | 2. Cursor (People) | 3. Simple Adapter"),
    "Focus": _samples("1. Vertical | 2. Horizontal | 3. Circular | 4. Recursive | 5. Sort"),
    "Gallery": _samples("1. Photos | 2. People"),
    "Game Controller Input": {},
    "Grid": _samples("1. Icon Grid | 2. Photo Grid"),
    "Hover Events": {},
    "ImageButton": {},
    "ImageSwitcher": {},
    "ImageView": {},
    "Layout Animation": _samples(
        "1. Grid Fade | 2. List Cascade | 3. Reverse Order | 4. Randomize | 5. Grid Direction"
    ),
    "Layouts": _samples("Animation | Baseline | GridLayout | LinearLayout | RelativeLayout | ScrollView | TableLayout"),
    "Lists": _samples("01. Array | 02. Cursor (People) | 03. Cursor (Phones) | 08. Photos | 10. Single choice list"),
    "Picker": {},
    "Popup Menu": {},
    "Progress Bar": _samples("1. Incremental | 2. Smooth | 3. Dialogs | 4. In Title Bar"),
    "Radio Group": {},
    "Rating Bar": {},
    "Rotating Button": {},
    "ScrollBars": _samples("1. Basic | 2. Fancy | 3. Style"),
    "Search View": _samples("Action Bar | Always Iconified | Filter | Submit"),
    "Secure View": {},
    "Seek Bar": {},
    "Spinner": {},
    "Splitting Touches across Views": {},
    "Switches": {},
    "System UI Visibility": {},
    "Tabs": _samples("1. Content By Id | 2. Content By Factory | 3. Content By Intent | 5. Scrollable"),
    "TextClock": {},
    "TextFields": {},
    "TextSwitcher": {},
    "Visibility": {},
    "WebView": {},
}

TREE: Menu = {
    "Access'ibility": _samples(
        "Accessibility Node Provider | Accessibility Node Querying | Accessibility Service | Custom View"
    ),
    "Accessibility": _samples(
        "Accessibility Node Provider | Accessibility Node Querying | Accessibility Service | Custom View"
    ),
    "Animation": _samples(
        "Bouncing Balls | Cloning | Custom Evaluator | Default Layout Animations | Events | Hide-Show Animations"
        " | Layout Animations | Loading | Multiple Properties | Reversing | Seeking | View Flip"
    ),
    "App": _APP,
    "Content": {
        "Assets": _samples("Read Asset"),
        "Clipboard": _samples("Data Types"),
        "Packages": _samples("Install Apk"),
        "Provider": _samples("Pick Contact"),
        "Resources": _samples("Resources | Styled Text | Smallest Width | Width and Height"),
        "Storage": _samples("External Storage"),
    },
    "Graphics": _GRAPHICS,
    "Media": _samples("AudioFx | MediaPlayer | Media Codec | VideoView"),
    "NFC": _samples("ForegroundDispatch | ForegroundNdefPush | TechFilter"),
    "OS": _samples("Morse Code | Rotation Vector | Sensors | SMS Messaging"),
    "Preference": _samples(
        "1. Preferences from XML | 2. Launching preferences | 3. Preference dependencies | 4. Default values"
        " | 5. Preferences from code | 6. Advanced preferences | 7. Fragment | 8. Headers | 9. Switch"
    ),
    "Text": _samples("KeyEventText | Linkify | LogTextBox | Marquee | Unicode"),
    "Views": _VIEWS,
}

SAMPLES: dict[str, str] = {
    "App/Activity/Custom Title": ".app.CustomTitle",
    "App/Activity/Hello World": ".app.HelloWorld",
    "App/Activity/Persistent State": ".app.PersistentState",
    "App/Activity/Save & Restore State": ".app.SaveRestoreState",
    "App/Activity/Secure Surfaces": ".app.SecureWindowActivity",
    "App/Alarm/Alarm Controller": ".app.AlarmController",
    "App/Alert Dialogs": ".app.AlertDialogSamples",
    "App/Menu/Inflate from XML": ".app.MenuInflateFromXml",
    "App/Notification/IncomingMessage": ".app.IncomingMessage",
    "App/Notification/NotifyWithText": ".app.NotifyWithText",
    "App/Notification/Status Bar": ".app.StatusBarNotifications",
    "App/Search/Invoke Search": ".app.SearchInvoke",
    "App/Search/Query Search Results": ".app.SearchQueryResults",
    "Content/Clipboard/Data Types": ".content.ClipboardSample",
    "OS/Morse Code": ".os.MorseCode",
    "OS/SMS Messaging": ".os.SmsMessagingDemo",
    "Preference/1. Preferences from XML": ".preference.PreferencesFromXml",
    "Preference/3. Preference dependencies": ".preference.PreferenceDependencies",
    "Preference/9. Switch": ".preference.SwitchPreference",
    "Text/LogTextBox": ".text.LogTextBox1",
    "Views/Auto Complete/1. Screen Top": ".view.AutoComplete1",
    "Views/Buttons": ".view.Buttons1",
    "Views/Chronometer": ".view.ChronometerDemo",
    "Views/Controls/1. Light Theme": ".view.Controls1",
    "Views/Controls/2. Dark Theme": ".view.Controls2",
    "Views/Controls/3. Holo Light Theme": ".view.Controls3",
    "Views/Controls/4. Holo Dark Theme": ".view.Controls4",
    "Views/Date Widgets/1. Dialog": ".view.DateWidgets1",
    "Views/Date Widgets/2. Inline": ".view.DateWidgets2",
    "Views/Expandable Lists/1. Custom Adapter": ".view.ExpandableList1",
    "Views/Lists/01. Array": ".view.List1",
    "Views/Lists/10. Single choice list": ".view.List10",
    "Views/Picker": ".view.NumberPickerActivity",
    "Views/Popup Menu": ".view.PopupMenu1",
    "Views/Progress Bar/1. Incremental": ".view.ProgressBar1",
    "Views/Radio Group": ".view.RadioGroup1",
    "Views/Rating Bar": ".view.RatingBar1",
    "Views/Search View/Filter": ".view.SearchViewFilterMode",
    "Views/Secure View": ".view.SecureView",
    "Views/Seek Bar": ".view.SeekBar1",
    "Views/Spinner": ".view.Spinner1",
    "Views/Switches": ".view.Switches",
    "Views/Tabs/1. Content By Id": ".view.Tabs1",
    "Views/TextFields": ".view.TextFields",
    "Views/TextSwitcher": ".view.TextSwitcher1",
    "Views/Visibility": ".view.Visibility1",
}

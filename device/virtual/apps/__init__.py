"""The apps that are on the virtual phone from the factory, in the order a launcher shows them."""

from __future__ import annotations

from device.virtual.app import App
from device.virtual.apps.apidemos import ApiDemosApp
from device.virtual.apps.calendar import CalendarApp
from device.virtual.apps.clock import ClockApp
from device.virtual.apps.contacts import ContactsApp
from device.virtual.apps.dialer import DialerApp
from device.virtual.apps.food import FoodApp
from device.virtual.apps.launcher import LauncherApp
from device.virtual.apps.mail import MailApp
from device.virtual.apps.messages import MessagesApp
from device.virtual.apps.notes import NotesApp
from device.virtual.apps.pay import WalletApp
from device.virtual.apps.settings import SettingsApp
from device.virtual.apps.shop import ShopApp
from device.virtual.apps.u2demo import U2DemoApp

INSTALLED: tuple[type[App], ...] = (
    LauncherApp,
    DialerApp,
    MessagesApp,
    ContactsApp,
    SettingsApp,
    ClockApp,
    NotesApp,
    WalletApp,
    MailApp,
    CalendarApp,
    ShopApp,
    FoodApp,
    ApiDemosApp,
    U2DemoApp,
)

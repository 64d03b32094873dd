"""The phone's network, as far as programs ask for it: `ifconfig`, `ip`, `ping`, and what the radios report."""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, DUMPSYS, SERVICES, Call, CommandFailed
from device.virtual.shell.phone import Phone

WLAN_ADDRESS = "10.0.2.15"
WLAN_MAC = "02:00:00:44:55:66"


def wlan_up(phone: Phone) -> bool:
    return phone.settings.get("global", "wifi_on") == "1"


@COMMANDS.add("ifconfig")
async def ifconfig(call: Call) -> int:
    asked = call.arguments[0] if call.arguments else None
    if asked not in (None, "wlan0", "lo"):
        raise CommandFailed(f"ifconfig: {asked}: No such device\n")
    if asked != "lo":
        address = f"          inet addr:{WLAN_ADDRESS}  Bcast:10.0.2.255  Mask:255.255.255.0 \n"
        await call.out(
            f"wlan0     Link encap:Ethernet  HWaddr {WLAN_MAC}  Driver virt_wifi\n"
            f"{address if wlan_up(call.phone) else ''}"
            "          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n"
            "          RX packets:1043 errors:0 dropped:0 overruns:0 frame:0 \n"
            "          TX packets:876 errors:0 dropped:0 overruns:0 carrier:0 \n"
            "          collisions:0 txqueuelen:1000 \n"
            "          RX bytes:812344 TX bytes:120934 \n\n"
        )
    if asked != "wlan0":
        await call.out(
            "lo        Link encap:Local Loopback  \n"
            "          inet addr:127.0.0.1  Mask:255.0.0.0 \n"
            "          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n"
        )
    return 0


@COMMANDS.add("ip")
async def ip(call: Call) -> int:
    words = [word for word in call.arguments if not word.startswith("-")]
    match words:
        case ["addr" | "a" | "address", *rest]:
            device = next((word for word in rest if word not in ("show", "dev")), None)
            if device not in (None, "wlan0", "lo"):
                raise CommandFailed(f'Device "{device}" does not exist.\n')
            if device != "wlan0":
                await call.out("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n")
            if device != "lo":
                await call.line("2: wlan0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500")
                await call.line(f"    link/ether {WLAN_MAC} brd ff:ff:ff:ff:ff:ff")
                if wlan_up(call.phone):
                    await call.line(f"    inet {WLAN_ADDRESS}/24 brd 10.0.2.255 scope global wlan0")
        case ["route" | "r", *_]:
            if wlan_up(call.phone):
                await call.line(f"10.0.2.0/24 dev wlan0 proto kernel scope link src {WLAN_ADDRESS} ")
        case _:
            raise CommandFailed("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n", 255)
    return 0


@COMMANDS.add("ping")
async def ping(call: Call) -> int:
    """There is nothing to reach from here."""
    host = next((word for word in reversed(call.arguments) if not word.startswith("-")), "")
    raise CommandFailed(f"ping: unknown host {host}\n", 2)


@DUMPSYS.add("wifi")
async def dumpsys_wifi(call: Call) -> int:
    await call.line(f"Wi-Fi is {'enabled' if wlan_up(call.phone) else 'disabled'}")
    return 0


@SERVICES.add("wifi")
async def cmd_wifi(call: Call) -> int:
    match call.arguments:
        case ["status"]:
            await call.line(f"Wifi is {'enabled' if wlan_up(call.phone) else 'disabled'}")
        case ["set-wifi-enabled", "enabled" | "disabled" as state]:
            call.phone.settings.put("global", "wifi_on", "1" if state == "enabled" else "0")
        case _:
            raise CommandFailed("WiFi (wifi) commands: status, set-wifi-enabled enabled|disabled\n", 255)
    return 0


@DUMPSYS.add("telephony.registry")
async def telephony(call: Call) -> int:
    await call.out(
        "last known state:\n  Phone Id=0\n    mCallState=0\n    mServiceState={mVoiceRegState=0(IN_SERVICE)}\n"
    )
    return 0


@SERVICES.add("connectivity")
async def cmd_connectivity(call: Call) -> int:
    match call.arguments:
        case ["airplane-mode"]:
            on = call.phone.settings.get("global", "airplane_mode_on") == "1"
            await call.line("enabled" if on else "disabled")
        case ["airplane-mode", "enable" | "disable" as state]:
            call.phone.settings.put("global", "airplane_mode_on", "1" if state == "enable" else "0")
        case _:
            raise CommandFailed("Connectivity service commands: airplane-mode [enable|disable]\n", 255)
    return 0

"""All commands of the phone's shell, one module per family. Importing this registers them."""

from device.virtual.shell.commands import (
    activity,
    broadcast,
    builtins,
    conditions,
    content,
    dispatch,
    display,
    files,
    ime,
    input,
    logs,
    network,
    packages,
    power,
    processes,
    props,
    reports,
    screenrecord,
    settings,
    text,
    touches,
    u2,
    vphone,
)

FAMILIES = (
    activity, broadcast, builtins, conditions, content, dispatch, display, files, ime, input, logs, network, packages,
    power, processes, props, reports, screenrecord, settings, text, touches, u2, vphone,
)  # fmt: skip

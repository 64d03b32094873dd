"""The adbd protocol: what makes the virtual phone a device for an unmodified adb server.

`packets` and `shell_v2` are pure forms; `stream` and `transport` keep a connection; `services` decides what can be
opened and names who serves it (`command_io`, `terminal`, `sync`, `reverse`, `framebuffer`).
"""

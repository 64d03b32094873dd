"""uiautomator2's on-device server: HTTP and JSON-RPC on the phone's port 9008, for the unmodified client."""

from device.virtual.u2.faults import RpcFaults
from device.virtual.u2.server import DEFAULT_PORT, Server

__all__ = ["DEFAULT_PORT", "RpcFaults", "Server"]

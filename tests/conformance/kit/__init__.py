"""What the checks of the conformance kit stand on: keys, records, sessions. Written from docs/protocol.md."""

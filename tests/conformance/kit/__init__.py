"""What the checks of the conformance kit stand on: keys, records, connections and sessions. Written from docs/protocol.md."""

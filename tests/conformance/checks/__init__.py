"""The checks, a module for each part of docs/protocol.md. A check is a function that takes a Lab."""

"""What RFC 6455 asks of a WebSocket server, case by case, on raw connections."""

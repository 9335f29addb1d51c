"""The secret ballot: pure functions over bytes, exactly as docs/ballot-protocol.md has them."""

"""What the platform does: one request, one transaction, one reply; no channel is named here."""

"""Real servers, disposable, on loopback; and the story that the demo plays on them."""

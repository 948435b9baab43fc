"""Reading what people write in free French: pure functions from text to plain data."""

"""What the platform remembers: tables, and the functions that read and change them."""

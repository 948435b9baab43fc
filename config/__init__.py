"""Settings, territories and wording: read by every room of the house, importing none of them."""

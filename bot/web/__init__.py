"""The few pages that the platform serves, on this machine, behind the administration's server."""

"""A folder of results: published whole, sealed by checksums, with where it comes from."""

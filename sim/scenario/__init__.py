"""What a run is made of, and how it is composed from words and files."""

"""From data to tables and figures."""

"""The base of compiled code: records, the world that holds them, chance, the event log, and compilation."""

"""What compiled code stands on: records, the world that holds them, chance, the event log, and how rules
become machine code.
"""

"""The rules of the month, one to a file; `month.py` lists their order."""

"""One future as a Mesa model: agents that can be met, questioned and overruled."""

"""The fault bench: kill -9 and every kind of bad luck, judged by what the provider accepted."""

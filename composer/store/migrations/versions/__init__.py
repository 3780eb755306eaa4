"""The migrations, oldest first. One that has run somewhere is never edited."""

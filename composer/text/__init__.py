"""How it is said: facts and claims become passages of localized text."""

"""How the tables came to be, one script a change; `composer.store.migrate` runs them."""

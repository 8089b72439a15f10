"""Door: public pages, the unsubscribe address, the JSON API and health."""

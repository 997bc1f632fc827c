"""The site itself: sign-in, health, the page that carries the front end, settings and demonstration commands."""

"""What leaves on paper: the report of an evaluation and the model card, from the same figures as the page."""

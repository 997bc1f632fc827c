"""Agreement and error, written once for readers and for models. numpy only."""

"""One table of many ways to a bone age, all on the same split and the same test hands; `python -m training compare`."""

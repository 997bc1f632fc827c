"""Results, reports, references and corrections over HTTP; one file per noun."""

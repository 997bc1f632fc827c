"""The shapes of the contract, for checking what comes in and for the OpenAPI schema."""

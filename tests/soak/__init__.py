"""Long runs: what holds once must hold after hours and after being killed. Each has a short form among the tests."""

"""What an administrator does with a whole site: back it up, restore it, move it to larger servers."""
